"""Writing ``.pb`` files that this and other programs read back."""

import csv
import io
from fractions import Fraction

from weizhi.methods.budgeting.election import Election


def write_text(election: Election) -> str:
    """The election as text. Voters are numbered anew, because merged ballots no longer know whose they were."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    kind = "ordinal" if election.kind == "ordinal" else election.kind
    weighed = election.ballots.points is not None
    if kind == "ordinal" or (weighed and kind != "cumulative"):
        kind = "cumulative" if weighed else "approval"  # a rank that was turned into points is written as points
    meta = {
        **election.meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.voters),
        "budget": decimal(election.budget),
        "vote_type": kind,
    }
    out.write("META\n")
    writer.writerow(["key", "value"])
    writer.writerows(meta.items())
    out.write("PROJECTS\n")
    more = list(dict.fromkeys(key for project in election.projects for key in project.more if key != "votes"))
    writer.writerow(["project_id", "cost", "votes", "name", *more])
    for project, score in zip(election.projects, election.scores, strict=True):
        others = [project.more.get(key, "") for key in more]
        writer.writerow([project.id, decimal(project.cost), score, project.name, *others])
    out.write("VOTES\n")
    writer.writerow(["voter_id", "vote", "points"] if kind == "cumulative" else ["voter_id", "vote"])
    number = 0
    for index, voters in enumerate(election.ballots.voters.tolist()):
        ballot = election.ballot(index)
        cells = [",".join(ballot)]
        if kind == "cumulative":
            cells.append(",".join(map(str, ballot.values())))
        for _ in range(voters):
            number += 1
            writer.writerow([number, *cells])
    return out.getvalue()


def decimal(amount: Fraction) -> str:
    """Without loss where the amount has a finite decimal form, which all amounts of a file have."""
    if amount.denominator == 1:
        return str(amount.numerator)
    digits = 1
    while 10**digits % amount.denominator and digits < 30:
        digits += 1
    if 10**digits % amount.denominator:
        raise ValueError(f"{amount} 写不成有限小数，请把金额改成以分计。")
    whole, rest = divmod(abs(amount.numerator) * 10**digits // amount.denominator, 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{digits}d}"
