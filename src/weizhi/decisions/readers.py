"""Who may read what of a vote: its papers, and the file from which it is recounted (docs/votes.md)."""

from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.models import Entitlement, Vote
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.people.models import Person


def is_concerned(vote: Vote, person: Person, standing: Standing) -> bool:
    """Whether somebody stands on the roll, speaks for one who does, or runs the vote."""
    return Entitlement.objects.filter(roll=vote.roll_id).of(person, vote.pk).exists() or is_clerk(vote, standing)


def check_may_recount(vote: Vote, person: Person, standing: Standing) -> None:
    """The ballots of a secret vote name nobody: whoever may see the vote may have them. Those of a named vote are for
    the people on its roll and its clerks. Raises Refused."""
    if vote.counted_at is None:
        raise Refused("not-yet", "投票还没有结束，计票以后才有公布文件。")
    if not vote.root:
        raise Refused("not-yet", "这次投票取消了，票封没有打开过，也没有结果。")
    if not vote.secret and not is_concerned(vote, person, standing):
        raise Refused("not-yours", "记名表决的公布文件里有每一户的意见，只给名册上的人和经办的人。结果公告谁都能看。")


def check_clerk(vote: Vote, standing: Standing) -> None:
    """Raises Refused where this is for those who run the vote."""
    if not is_clerk(vote, standing):
        raise Refused("not-yours", "这份材料只给经办这次投票的人用。要看结果和名册，请看表决页面。")
