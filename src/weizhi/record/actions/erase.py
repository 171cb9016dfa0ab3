"""Erase what a law says must go: two people, a legal ground, an entry. The proofs stay whole.

What is deleted is the words and their salt; the commitment, which says nothing without the salt, is written
into the entry that erases, so that the leaf can still be computed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.people.models import Holding, Person
from weizhi.places.models import Community
from weizhi.record import files
from weizhi.record.actions.append import COMMUNITY, Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.actions.seal import seal
from weizhi.record.export import FILE_KEYS, named_files
from weizhi.record.models import Entry, Payload
from weizhi.record.opening import ERASE_VERB, ERASED_PART, erased_commitments, leaf_of, parts_of
from weizhi.record.origin import the_clock

# 个人信息保护法 47: when personal information must be deleted.
GROUNDS = {
    "purpose-over": gettext_lazy("处理目的已实现、无法实现或不再必要（个人信息保护法第四十七条第一项）"),
    "service-over": gettext_lazy("停止提供服务，或保存期限已届满（第二项）"),
    "consent-withdrawn": gettext_lazy("本人撤回同意（第三项）"),
    "unlawful": gettext_lazy("违反法律或约定处理（第四项）"),
    "required": gettext_lazy("法律、行政法规规定的其他情形（第五项）"),
}


class ErasureRefused(Exception):
    """Why nothing was erased, and what to do."""


def erase(
    community: Community,
    parts: Sequence[Payload],
    *,
    by: Person,
    second: Person,
    ground: str,
    reason: str = "",
    at: datetime | None = None,
) -> Entry:
    """Delete these parts and the files only they name; return the entry that says what went and why."""
    now = the_clock(at)
    _refuse(community, parts, by, second, ground, now)
    # A leaf is computed from the words: what is erased must be sealed before.
    seal(everything=True)
    with transaction.atomic():
        register = lock_register(community, "people")
        rows = _present(parts)
        gone = [
            {"entry": str(entry.pk), "part": row.part, "commitment": hashed.hex()}
            for entry, row, hashed in _commitments(rows)
        ]
        named = [digest for row in rows if row.part.startswith("file") for digest in named_files(row.read())]
        told = {"ground": ground, "second": str(second.pk), "reason": reason, "parts": gone}
        entry = append(register, ERASE_VERB, Deed(at=now, actor=by), [Part(ERASED_PART, told, COMMUNITY)])
        Payload.objects.filter(pk__in=[row.pk for row in rows]).delete()
        transaction.on_commit(lambda: _delete_files(named))
    return entry


def _refuse(
    community: Community, parts: Sequence[Payload], by: Person, second: Person, ground: str, now: datetime
) -> None:
    if by.pk == second.pk:
        raise ErasureRefused(_("删除要两个人一起做。请再请一位在任的同事确认。"))
    if ground not in GROUNDS:
        raise ErasureRefused(_("删除要有法律依据。请选个人信息保护法第四十七条里的一项。"))
    holders = Holding.objects.open_at(now).filter(community=community, person__in=[by, second])
    if holders.values("person").distinct().count() < 2:
        raise ErasureRefused(_("删除要由本社区两位在任的人做。请看看两个人的任职是否还有效。"))
    if not parts:
        raise ErasureRefused(_("没有选要删除的内容。请先选。"))
    if any(row.entry.community_id != community.pk for row in parts):
        raise ErasureRefused(_("要删除的内容不属于本社区。"))
    if any(row.entry.verb == ERASE_VERB for row in parts):
        raise ErasureRefused(_("删除的凭据不能再删除。"))


def _present(parts: Sequence[Payload]) -> list[Payload]:
    """Read again under the lock: a colleague may have erased the same just before."""
    rows = Payload.objects.filter(pk__in=[row.pk for row in parts]).select_related("entry__stream", "entry__leaf")
    found = list(rows.order_by("entry_id", "part"))
    if not found:
        raise ErasureRefused(_("这些内容已经删除了。"))
    return found


def _commitments(rows: Sequence[Payload]) -> Iterable[tuple[Entry, Payload, bytes]]:
    """Commit to what goes; a row that no longer is what was sealed is not erased, it is evidence."""
    before = erased_commitments(rows[0].entry.community_id)
    for row in rows:
        entry = row.entry
        entry_parts = parts_of(entry, entry.parts.all(), before.get(str(entry.pk)))
        if leaf_of(entry, entry_parts) != bytes(entry.leaf.hash):
            raise ErasureRefused(_("这条记录封存以后被改过，先不能删除。请先用导出和另存的根核对。"))
        yield entry, row, entry_parts[row.part].commitment


def _delete_files(named: Iterable[str]) -> None:
    """After commit: a file goes when no part names it any more (the same photo may have been sent twice)."""
    for digest in named:
        if not any(Payload.objects.filter(**{f"body__{key}": digest}).exists() for key in FILE_KEYS):
            files.delete(digest)
