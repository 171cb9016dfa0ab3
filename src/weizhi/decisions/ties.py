"""Two entries of the register become one (`matters.actions.merge_people`): not while one of them has a voice.

A roll is frozen and its root stands in the record; the voice in an envelope is that of the line. Neither goes over to
another name in the middle of a vote, and two lines of one person must not become two votes of one.
"""

from django.db.models import Q

from weizhi.decisions.models import Candidate, Entitlement, Roll, Speaker
from weizhi.matters.refused import Refused
from weizhi.people.models import Person

State = Candidate.State
RUNNING = (State.GATHERING, State.PROPOSED, State.STANDING)


def check_no_open_roll(double: Person) -> None:
    """Raises Refused where a vote, or a roll that waits for one, counts on this entry. Two queries."""
    waiting = Q(votes__isnull=True, matter__ended_at__isnull=True)
    rolls = Roll.objects.filter(waiting | Q(votes__isnull=False, votes__counted_at__isnull=True))
    speaks = Speaker.objects.filter(person=double, until__isnull=True).values("entitlement")
    lines = Entitlement.objects.standing().filter(Q(person=double) | Q(pk__in=speaks), roll__in=rolls.values("pk"))
    if line := lines.select_related("roll__matter").first():
        title = line.roll.matter.title
        raise Refused(
            "not-yet", f"要停用的这一条正在“{title}”的名册上，表决没有结束以前名册不能动。请等计票以后再合并。"
        )
    runs = Candidate.objects.filter(person=double, state__in=RUNNING, matter__ended_at__isnull=True)
    if candidate := runs.select_related("matter").first():
        title = candidate.matter.title
        raise Refused("not-yet", f"要停用的这一条是“{title}”的候选人。请等选举结束以后再合并。")
