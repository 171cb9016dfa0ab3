"""Answer an invitation: a home or a body comes or not, by telephone, by the code on its letter, or said to a clerk.

A narrow door beside the matter's lock: nothing moves by it, and three hundred homes may answer in one evening.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.inviters import is_inviter
from weizhi.deliberation.letters import invitation_with
from weizhi.deliberation.models import Invitation, InvitationQuerySet
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.record.origin import the_clock

WORDS_AT_MOST = 400


def answer(
    matter_id: UUID, *, by: Person, comes: bool, words: str = "", line: int | None = None, at: datetime | None = None
) -> Invitation:
    """`by` answers for his own home or body; whoever invites may write down what line `line` said. Raises Refused."""
    now = the_clock(at)
    who = standing(by, now)
    with transaction.atomic():
        rows = _locked().visible_to(who).filter(matter=matter_id).order_by("-step__opened_at", "n")
        found = list(rows) if line is None else list(rows.filter(n=line)[:1])
        mine = next((row for row in found if is_invited(row, who)), None)
        if not found:
            raise Refused("not-found", "没有这份邀请，或者您看不到它。")
        if mine is not None:
            return _write(mine, comes, words, Invitation.By.SELF, by, now)
        if line is None or not is_inviter(found[0], who):
            raise Refused("not-yours", "这件事没有邀请您这一户。想说的话，可以在下面留言。")
        return _write(found[0], comes, words, Invitation.By.CLERK, by, now)


def answer_by_letter(code: str, *, comes: bool, words: str = "", at: datetime | None = None) -> Invitation:
    """Whoever holds the letter answers for the home it was written to. Raises Refused."""
    found = invitation_with(code)
    if found is None:
        raise Refused("not-found", "没有这个码。请对着信上的十个数字再看一遍。")
    with transaction.atomic():
        return _write(_locked().get(pk=found.pk), comes, words, Invitation.By.LETTER, None, the_clock(at))


def is_invited(row: Invitation, who: Standing) -> bool:
    """Whether somebody of this standing answers for this line."""
    return (who.person_id is not None and str(who.person_id) in row.people) or (bool(row.body) and row.body in who.keys)


def _locked() -> InvitationQuerySet:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("matter__place", "matter__community", "step", "home")


def _write(
    row: Invitation, comes: bool, words: str, channel: Invitation.By, by: Person | None, now: datetime
) -> Invitation:
    if row.matter.ended_at is not None:
        raise Refused("closed", "这件事已经结束了，不用再回了。谢谢您。")
    row.comes, row.words, row.answered_by = comes, words.strip()[:WORDS_AT_MOST], channel
    row.answered_at, row.written_by = now, by
    row.save(update_fields=["comes", "words", "answered_by", "answered_at", "written_by"])
    return row
