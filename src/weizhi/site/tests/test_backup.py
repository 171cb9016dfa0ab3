"""Backup, everything gone, restore: all rows and files are there again and the record verifies."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from weizhi.cli import main
from weizhi.matters.tests.conftest import Stage, build
from weizhi.people import vault
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.record.files import path_of
from weizhi.record.models import Entry, Payload, Progress
from weizhi.record.photos import take
from weizhi.secrets.keyring import new_keyring
from weizhi.site import jobs
from weizhi.site.upkeep.backing_up import CannotRestore, back_up, manifest_of, restore
from weizhi.tests import pristine


@pytest.fixture
def lived_in(transactional_db: None, tmp_path: Path, settings: Any) -> Iterator[Stage]:
    settings.HOME, settings.FILES, settings.KEYS_FILE = tmp_path, tmp_path / "files", tmp_path / "keys.json"
    stage = build()
    file = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(file, "JPEG")
    done = stage.report(evidence=[take(file.getvalue())])
    stage.act(done, "sort", "zhou", "ours", data={"category": "lighting"})
    vault.put(stage.people["lin"], vault.PHONE, "13800001234")
    stage.people["lin"].save()
    yield stage
    name = Path(str(connection.settings_dict["NAME"]))
    for path in name.parent.glob(f"{name.name}.before-*"):
        path.unlink()


def wipe(settings: Any) -> None:
    """As after a broken disk: an empty database, no files; the keys were kept apart."""
    pristine.restore()
    shutil.rmtree(settings.FILES)
    assert not Community.objects.exists()


def counted() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in (Community, Person, Entry, Payload)}


def test_everything_is_there_again_and_verifies(lived_in: Stage, tmp_path: Path, settings: Any):
    archive = back_up()
    assert archive.parent == tmp_path / "backups" and archive.stat().st_mode & 0o077 == 0
    before, photo = counted(), Payload.objects.get(part="file:1").body["hash"]
    wipe(settings)
    manifest = restore(archive)
    assert counted() == before and path_of(photo).exists() and manifest["verified"] == Entry.objects.filter(
        community__slug__in=manifest["roots"]
    ).count()  # fmt: skip
    assert vault.get(Person.objects.get(name="林姨"), "phone") == "13800001234"
    lived_in.act(lived_in.report(words="又一件"), "sort", "zhou", "ours", data={"category": "lighting"})


def test_the_keys_are_named_and_not_held(lived_in: Stage, tmp_path: Path, settings: Any):
    archive = back_up(tmp_path / "b.tar")
    key = settings.KEYS_FILE.read_text().split('"f1": "')[1].split('"')[0]
    assert key.encode() not in archive.read_bytes() and manifest_of(archive)["keys_file"] == str(settings.KEYS_FILE)
    wipe(settings)
    settings.KEYS_FILE = tmp_path / "others.json"
    new_keyring().save(settings.KEYS_FILE)
    with pytest.raises(CannotRestore, match="密钥不是备份时的那一份"):
        restore(archive)


def test_a_living_community_is_only_replaced_on_purpose(lived_in: Stage, tmp_path: Path, settings: Any):
    archive = back_up(tmp_path / "b.tar")
    lived_in.report(words="备份以后的事")
    with pytest.raises(CannotRestore, match="--replace"):
        restore(archive)
    entries = Entry.objects.count()
    restore(archive, replace=True)
    assert Entry.objects.count() == entries - 1
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        kept = max(name.parent.glob(f"{name.name}.before-*[0-9]"), key=lambda path: path.stat().st_mtime)
        with sqlite3.connect(kept) as old:
            assert old.execute("SELECT count(*) FROM record_entry").fetchone()[0] == entries


def test_a_running_server_is_not_pulled_away(lived_in: Stage, tmp_path: Path):
    archive = back_up(tmp_path / "b.tar")
    jobs.beat()
    with pytest.raises(CannotRestore, match="还开着"):
        restore(archive, replace=True)
    Progress.objects.all().delete()


@pytest.mark.parametrize("where", [0.3, 0.6])
def test_a_damaged_archive_is_refused(lived_in: Stage, tmp_path: Path, settings: Any, where: float):
    archive = back_up(tmp_path / "b.tar")
    data = bytearray(archive.read_bytes())
    at = int(len(data) * where)
    data[at : at + 64] = os.urandom(64)
    archive.write_bytes(data)
    wipe(settings)
    with pytest.raises(CannotRestore, match=r"坏了|读不了"):
        restore(archive)
    assert not Community.objects.exists()


def test_a_record_that_was_altered_in_the_backup_does_not_pass(lived_in: Stage, tmp_path: Path, settings: Any):
    from weizhi.site.upkeep import backing_up, proof

    roots = proof.roots_of_all()
    Payload.objects.filter(part="words").delete()
    archive = back_up(tmp_path / "b.tar")
    assert backing_up.manifest_of(archive)["roots"] == roots
    wipe(settings)
    with pytest.raises(CannotRestore, match="核对不上"):
        restore(archive)


def test_the_commands_say_what_to_keep(lived_in: Stage, tmp_path: Path, capsys: Any, settings: Any):
    out = tmp_path / "b.tar"
    assert main(["backup", "--out", str(out)]) == 0
    assert "密钥不在里面" in capsys.readouterr().out
    assert main(["restore", str(out)]) == 1 and main(["restore", str(tmp_path / "none.tar")]) == 1
    wipe(settings)
    assert main(["restore", str(out)]) == 0 and "核对无误" in capsys.readouterr().out
