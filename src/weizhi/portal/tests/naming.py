"""An election as it stands before its ballot: a roll on the board, and names being put forward, both today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weizhi.charters.loading import parse_text
from weizhi.decisions.models import Roll
from weizhi.matters.actions.act import act
from weizhi.matters.actions.raise_matter import raise_matter
from weizhi.matters.tests.conftest import Stage
from weizhi.record import clock
from weizhi.record.actions.adopt_charter import adopt_charter

CHARTER = """
[charter]
language = 1
name = "naming"
title = "换届"
extends = ["base"]
[rules.seats]
title = "换届"
nominations = { kinds = ["by-committee", "by-three-electors", "by-oneself"], more_than_seats = true }
[kinds.listing]
title = "定名册"
procedure = "listing"
visible = "community"
[procedures.listing]
title = "定名册"
[procedures.listing.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "roll"
[procedures.listing.steps.roll]
kind = "roll"
title = "选民名册"
by = ["committee"]
electorate = "residents"
for_days = 20
then = "done"
[procedures.listing.ends]
done = { counts = "solved", title = "定下来了" }
[kinds.naming]
title = "提名"
procedure = "naming"
visible = "community"
[procedures.naming]
title = "提名"
[procedures.naming.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "nominate"
[procedures.naming.steps.nominate]
kind = "nominate"
title = "提名居委会主任"
by = ["resident", "committee"]
rule = "seats"
seats = "committee-director"
electorate = "residents"
criteria = ["公益心"]
within = "10 days"
then = "done"
[procedures.naming.ends]
done = { counts = "solved", title = "提好了" }
"""


@dataclass(frozen=True)
class Naming:
    """The matter in which names are put forward, the matter of the roll, and that roll."""

    matter: UUID
    listing: UUID
    roll: UUID


def naming(stage: Stage, at: datetime | None = None) -> Naming:
    """林姨 stands, the committee has asked 赵律师, and one objection to the roll waits for its answer."""
    now, people = at or clock.now() - timedelta(minutes=5), stage.people
    checked = parse_text(CHARTER, "naming.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(stage.community, checked.charter, at=stage.later(minutes=2))
    made = [
        raise_matter(stage.community, kind, by=people["wang"], at=now,
                     data={"words": words})
        for kind, words in (("naming", "选居委会主任"), ("listing", "公布选民名册"))
    ]  # fmt: skip
    names, listing = (one.matter_id for one in made)
    act(
        names,
        "nominate",
        by=people["lin"],
        at=now,
        data={"words": "退休了，愿意跑腿。", "criteria": {"公益心": "十年志愿者"}},
    )
    act(names, "nominate", by=people["wang"], at=now, data={"person": str(people["zhao"].pk)})
    act(listing, "object", by=people["lin"], at=now, data={"words": "三楼的小王刚满十八，没有列进去。"})
    return Naming(names, listing, Roll.objects.get(matter=listing).pk)
