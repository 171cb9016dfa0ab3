"""One community out of a database and into another: its rows, the rows they point to, its files; the record verifies.

What belongs to others and is merely pointed to (a clerk of the street, the street itself) travels along as far as it
is named. Where the other database knows it already, by its key or by its name, it is not made twice.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from weizhi.people.models import Body, Person
from weizhi.people.vault import keyring
from weizhi.places import bulk
from weizhi.places.models import Community, Place
from weizhi.record.actions.publish_root import made_as as purpose
from weizhi.record.actions.registers import open_registers
from weizhi.record.export import named_files
from weizhi.record.files import path_of
from weizhi.record.models import Payload, Stream
from weizhi.record.origin import ClockRefused, made_as
from weizhi.secrets.keyring import KeyFileError, open_keyring
from weizhi.site.upkeep import rows
from weizhi.site.upkeep.closure import chosen, moved_models, rows_of
from weizhi.site.upkeep.proof import NotProven, prove_one, root_of
from weizhi.site.upkeep.rekeying import Rekeying
from weizhi.site.upkeep.rows import Model

FORMAT = "weizhi-community-1"
OWN, SHARED = "own", "shared"
OPEN = (
    "还有 {still}没有结束，这里的密钥又和来处的不一样：换了密钥，票封打不开，同一个人会算两次。什么也没有导入。\n"
    "请等它们结束再导出；等不及的，把来处的密钥文件（keys.json）放到这里，再导入一次。"
)
NATURAL: dict[Model, tuple[str, ...]] = {  # what has a name by which another database may know it already
    Community: ("slug",), Place: ("path",), Body: ("community_id", "key", "place_id"),
}  # fmt: skip


class CannotMove(Exception):
    """The community cannot be moved like this; says what to do."""


# --- out -----------------------------------------------------------------------------------------------


def export_community(community: Community, folder: Path) -> dict[str, Any]:
    """Write the community as a folder; returns its manifest. Nothing is taken away here."""
    if folder.exists() and any(folder.iterdir()):
        raise CannotMove(f"{folder} 里已经有东西了。请另选一个空的文件夹。")
    root = root_of(community)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    counts = {}
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = rows_of(community)
        for model, both in found.items():
            for part, keys in zip((OWN, SHARED), both, strict=True):
                if keys:
                    name = f"{model._meta.label}.{part}.jsonl"
                    counts[name] = rows.write(folder / name, model, _rows(model, keys))
        files = sorted(set(_files(found[Payload][0])))
    (folder / "files").mkdir()
    for digest in files:
        if path_of(digest).exists():
            shutil.copyfile(path_of(digest), folder / "files" / digest)
    manifest = {
        "format": FORMAT, "community": str(community.pk), "slug": community.slug, "name": community.name,
        "made_as": purpose(), "at": timezone.now().isoformat(), "root": root, "keys": keyring().fingerprint(),
        "schema": rows.state_of_the_schema(), "rows": counts,
        "sha256": {name: _digest(folder / name) for name in counts},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return manifest


def _rows(model: Model, keys: list[Any]) -> Iterator[tuple[Any, ...]]:
    for part in chosen(model, keys):
        yield from part.order_by("pk").values_list(*rows.columns_of(model)).iterator()


def _files(payloads: list[Any]) -> Iterator[str]:
    for part in chosen(Payload, payloads):
        for row in part.filter(part__startswith="file"):
            yield from named_files(row.read())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- in ------------------------------------------------------------------------------------------------


@dataclass
class Arrival:
    """A community that comes in: which ids of others are known here under another one, and who had to be renamed."""

    folder: Path
    manifest: dict[str, Any]
    rekey: Rekeying
    ids: dict[Any, Any] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    entries: int = 0

    def parts(self, model: Model) -> Iterator[tuple[str, Path]]:
        for part in (SHARED, OWN):
            path = self.folder / f"{model._meta.label}.{part}.jsonl"
            if path.name in self.manifest["rows"]:
                yield part, path


def import_community(folder: Path, keys: Path | None = None) -> Arrival:
    """Bring the community in, all or nothing, and verify its record before anything counts. Raises CannotMove."""
    arrival = Arrival(folder, _manifest(folder), _rekeying(folder, keys))
    _check(arrival)
    if arrival.rekey.ours != keyring():  # also what they signed must verify here
        arrival.rekey.ours.save(settings.KEYS_FILE)
    try:
        with bulk.large_cache(), transaction.atomic():
            made_as(arrival.manifest["made_as"])
            for model in _ordered():
                for part, path in arrival.parts(model):
                    _insert(arrival, model, path, shared=part == SHARED)
            _complete_strangers()
            _bring_files(arrival)
            community = Community.objects.get(slug=arrival.manifest["slug"])
            if still := arrival.rekey.settle(community):
                raise CannotMove(OPEN.format(still="、".join(still)))
            if arrival.manifest["root"]:
                arrival.entries = prove_one(community, arrival.manifest["root"])
    except (NotProven, ClockRefused) as error:
        raise CannotMove(f"{error}\n什么也没有导入。") from None
    except IntegrityError as error:
        raise CannotMove(f"和这里已有的对不上（{error}）。什么也没有导入。请把这句话告诉维护的人。") from None
    return arrival


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CannotMove(f"{folder} 里没有 manifest.json。请指 weizhi community export 写的那个文件夹。") from None
    if manifest.get("format") != FORMAT:
        raise CannotMove("不认识这种导出。请用同一版本的微治再导出一次。")
    for name, digest in manifest["sha256"].items():
        if not (folder / name).exists() or _digest(folder / name) != digest:
            raise CannotMove(f"{name} 缺了或者被改动过。请重新拷贝一次。")
    return manifest


def _rekeying(folder: Path, keys: Path | None) -> Rekeying:
    manifest, ours = _manifest(folder), keyring()
    try:
        theirs = open_keyring(keys) if keys and keys.exists() else ours
    except KeyFileError as error:
        raise CannotMove(str(error)) from None
    if keys and not keys.exists():
        raise CannotMove(f"没有 {keys} 这个密钥文件。")
    if theirs.fingerprint() != manifest["keys"]:
        raise CannotMove("这个社区的电话和证件号是用别的密钥加密的。请用 --keys 指出来处的密钥文件（keys.json）。")
    return Rekeying(theirs, ours)


def _check(arrival: Arrival) -> None:
    manifest = arrival.manifest
    if manifest["schema"] != rows.state_of_the_schema():
        raise CannotMove("两边的版本不一样。请先在两边装上同一版本、运行 weizhi upgrade，再导出一次。")
    if Community.objects.filter(slug=manifest["slug"]).exists() or Community.objects.filter(pk=manifest["community"]):
        raise CannotMove(f"这里已经有“{manifest['slug']}”这个社区了。请导入到另一个数据库。")


def _ordered() -> list[Model]:
    """Whose names others are known by first; the rest may come in any order inside one transaction."""
    return [*NATURAL, *(model for model in moved_models() if model not in NATURAL)]


def _insert(arrival: Arrival, model: Model, path: Path, *, shared: bool) -> None:
    names = rows.columns_of(model)
    made = (dict(zip(names, row, strict=True)) for row in rows.read(path, model))
    here = (_fitted(arrival, model, row) for row in made)
    fresh = (row for row in here if not (shared and _known(arrival, model, row)))
    free = _with_free_logins(arrival, fresh) if model is Person else fresh
    bulk.insert(model, names, (tuple(row.values()) for row in free))


def _fitted(arrival: Arrival, model: Model, row: dict[str, Any]) -> dict[str, Any]:
    """The row with our keys, and with our ids for what is known here."""
    arrival.rekey(model, row)
    for one in model._meta.concrete_fields:
        if one.is_relation and row.get(one.attname) in arrival.ids:
            row[one.attname] = arrival.ids[row[one.attname]]
    return row


def _known(arrival: Arrival, model: Model, row: dict[str, Any]) -> bool:
    """Whether a row that is merely pointed to is here already: by its key, or by its name under another key."""
    key = model._meta.pk.attname
    if model._default_manager.filter(pk=row[key]).exists():
        return True
    if model not in NATURAL:
        return False
    found = model._default_manager.filter(**{name: row[name] for name in NATURAL[model]}).values_list("pk", flat=True)
    if not found:
        return False
    arrival.ids[row[key]] = found[0]
    return True


def _with_free_logins(arrival: Arrival, people: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Two installations may both have a `wang`: the one who arrives gets the community's name behind it."""
    taken = set(Person.objects.values_list("login", flat=True))
    for person in people:
        if person["login"] in taken:
            new = f"{person['login']}-{arrival.manifest['slug']}"[:60]
            arrival.renamed[person["login"]] = new
            person["login"] = new
        yield person


def _complete_strangers() -> None:
    """A street that came along as a mere name gets its registers, so that it can begin to work here."""
    known = Stream.objects.exclude(kind="matter").values("community")
    for community in Community.objects.exclude(pk__in=known):
        open_registers(community)


def _bring_files(arrival: Arrival) -> None:
    for source in sorted((arrival.folder / "files").iterdir()):
        if _digest(source) != source.name:
            raise CannotMove(f"文件 {source.name} 被改动过。请重新拷贝一次。什么也没有导入。")
        target = path_of(source.name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
