"""A counted budget vote as a Pabulib file: other programs read it and name the same winners."""

from zoneinfo import ZoneInfo

from weizhi.decisions.models import Ballot, Vote
from weizhi.decisions.publishing import few
from weizhi.decisions.sharing import Terms, election_of, without
from weizhi.matters.refused import Refused

KIND = "budget"
ZONE = ZoneInfo("Asia/Shanghai")
RULES = {"mes": "equalshares", "greedy": "greedy", "greedy-per-cost": "greedy", "phragmen": "phragmen"}


def text_of(vote: Vote) -> str:
    """The projects and the ballots, in the order of what they say. Two queries.

    Raises Refused before the count, and where so few voted that each ballot would be somebody's.
    """
    from weizhi.methods.budgeting import write_text  # numpy: no page needs it

    if vote.kind != KIND or vote.counted_at is None:
        raise Refused("not-yet", "还没有计票，选票文件要等计票以后才有。")
    if few(vote):
        raise Refused("not-yours", "投票的人太少，公布选票会认出是谁投的，所以只公布合计。")
    terms = Terms.from_row(vote.rule[KIND])
    ballots = Ballot.objects.filter(vote=vote).values_list("choice", flat=True)
    gone = [row["key"] for row in vote.result[KIND]["projects"] if row.get("gone")]
    projects, terms, choices = without(vote.brief["projects"], terms, ballots, gone)
    begin, end = (instant.astimezone(ZONE) for instant in (vote.opens_at, vote.closes_at))
    meta = {
        "description": str(vote.brief["question"]), "country": "China", "unit": vote.community.name,
        "instance": str(begin.year), "rule": RULES[terms.method], "date_begin": f"{begin:%d.%m.%Y}",
        "date_end": f"{end:%d.%m.%Y}", "max_length": str(vote.brief["at_most"]), "language": "zh", "currency": "CNY",
        "utility": terms.utility, "completion": terms.completion, "ties": "cost-votes-lot", "lot": terms.seed,
    }  # fmt: skip
    if gone:
        meta["comment"] = f"没有参加分钱的项目（计票以前撤回或者结束）：{'、'.join(gone)}"
    return write_text(election_of(projects, terms.amount, sorted(choices), meta))
