"""The names on the paper of an election, put in where people read it, and nowhere else.

What is sealed and published says "候选人 3 号": who that is stands in parts of the record that are erased with the
person (个人信息保护法 47), and the vote can still be recounted. After that the page says so.
"""

import re
from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from weizhi.decisions.candidates import Declared, declarations
from weizhi.decisions.models import Candidate, Vote

NUMBERED = re.compile(r"候选人 (\d+) 号")


def paper_name(number: str) -> str:
    """What a candidate is called in everything that is sealed."""
    return f"候选人 {number} 号"


def named(vote: Vote) -> Vote:
    """The vote as people read it: names and declarations in its brief and result. Never to be saved, sealed or
    published. Two queries for an election, none for any other vote."""
    if vote.kind != "elect":
        return vote
    step = vote.rule["nominated"]
    said = declarations(vote.matter_id, step)
    numbered = Candidate.objects.filter(matter=vote.matter_id, step=step, number__isnull=False)
    people = {str(number): person for number, person in numbered.values_list("number", "person")}
    known = {key: said[person] for key, person in people.items() if person in said}
    shown, names = copy(vote), _names(vote, known)
    shown.brief, shown.result = _filled(vote.brief, names), _filled(vote.result, names)
    shown.brief["cards"] = [{**card, **_card(known.get(str(card["key"])))} for card in vote.brief["cards"]]
    return shown


def _names(vote: Vote, known: Mapping[str, Declared]) -> dict[str, str]:
    """With the number of the paper, by which two of one name are told apart and the recount's lines are read."""
    keys = [str(option["key"]) for option in vote.brief["options"]]
    names = {key: known[key].name if key in known else _("本人已注销") for key in keys}
    return {key: _("%(name)s（%(n)s 号）") % {"name": name, "n": key} for key, name in names.items()}


def _card(said: Declared | None) -> dict[str, Any]:
    return {"declaration": said.words, "criteria": dict(said.criteria)} if said else {}


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    """The same value with the names for the numbers."""
    if isinstance(value, str):
        return NUMBERED.sub(lambda found: names.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    return {key: _filled(one, names) for key, one in value.items()} if isinstance(value, dict) else value
