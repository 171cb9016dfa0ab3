"""The frozen text says in words what a step asked for, not in the keys of the charter."""

from weizhi.charters.loading import parse_text
from weizhi.decisions.models import Vote
from weizhi.decisions.tests.homes import HEAD, KIND, Estate, estate
from weizhi.matters.actions.act import raise_matter
from weizhi.record.actions.adopt_charter import adopt_charter

__all__ = ["estate"]

FIELDS = """,
  { key = "colour", type = "choice", title = "颜色", choices = [{ key = "red", title = "砖红" }, { key = "grey" }] },
  { key = "where", type = "places", title = "哪几处" },
  { key = "cost", type = "fen", title = "费用" },
  { key = "noisy", type = "yes-no", title = "有没有噪声" },
]"""


def test_a_choice_stands_by_its_title_and_places_by_their_names(estate: Estate):
    estate.homes(2)
    kind = KIND.format(key="paint", electorate="owners", more='rule = "owners-ordinary"')
    checked = parse_text(HEAD + kind.replace(" }]", " }" + FIELDS, 1), "box.toml")
    assert checked.charter is not None, "\n".join(map(str, checked.findings))
    adopt_charter(estate.community, checked.charter, at=estate.later())
    where = [str(estate.places[code].pk) for code in ("b1", "s1")]
    data = {"words": "刷墙", "colour": "red", "where": where, "cost": "1200.50", "noisy": "yes"}
    done = raise_matter(
        estate.community, "paint", by=estate.people["wang"], data=data, place=estate.places["s1"].pk, at=estate.later()
    )
    text = Vote.objects.get(matter=done.matter_id).brief["text"]
    assert text.splitlines() == [
        "刷墙", "颜色：砖红", "哪几处：1 号楼、1 号楼 1 单元", "费用：1,200.50 元", "有没有噪声：是",
    ]  # fmt: skip
