"""What a case expects of a counted vote, and of a survey."""

from collections.abc import Iterator
from typing import Any

from weizhi.cases.language import Result, Surveyed
from weizhi.cases.stage import Stage
from weizhi.decisions.models import Ballot, Candidate, Vote
from weizhi.deliberation.models import Survey
from weizhi.matters.models import Matter

Unmet = tuple[str, str, str]  # what, expected, found


def unmet(expect: Result, matter: Matter, stage: Stage) -> Iterator[Unmet]:
    """Everything asked of the newest counted vote (of `step`) that does not hold."""
    votes = Vote.objects.filter(matter=matter, counted_at__isnull=False).order_by("-counted_at", "-id")
    vote = (votes.filter(step__key=expect.step) if expect.step else votes).first()
    if vote is None:
        yield "表决", "已经计票", "没有计过票的表决"
        return
    for name in expect.model_fields_set - {"step"}:
        wanted = getattr(expect, name)
        found = _found(name, vote, wanted, stage)
        if wanted != found:
            yield f"表决结果 {name}", str(wanted), str(found)


def _elected(vote: Vote, stage: Stage) -> tuple[str, ...]:
    """Who was elected, best first, by the names of the story."""
    logins = {person.pk: login for login, person in stage.people.items()}
    named = Candidate.objects.filter(matter=vote.matter_id).values_list("number", "person")
    people = {str(number): logins[person] for number, person in named}
    return tuple(people[key] for key in vote.result.get("elected", ()))


def _found(name: str, vote: Vote, wanted: Any, stage: Stage) -> Any:
    result = vote.result
    if name == "outcome":
        return vote.outcome
    if name == "ballots":
        return Ballot.objects.filter(vote=vote).count()
    if name == "aside":
        return len(result["aside"])
    if name == "elected":
        return _elected(vote, stage)
    if name == "winners":
        return _winners(result, stage)
    if name in ("roll", "present"):
        return _sums(result[name], wanted)
    if name in ("yes", "no", "abstain"):
        return _sums(result["sides"][name], wanted)
    return tuple(result.get(name, ()))


def _winners(result: dict[str, Any], stage: Stage) -> tuple[str, ...]:
    """The projects of a budget in the order in which they were chosen, as the story calls them."""
    names = {pk: name for name, pk in stage.matters.items()}
    numbered = Matter.objects.filter(pk__in=names).values_list("number", "pk")
    called = {number: names[pk] for number, pk in numbered}
    won = [row["n"] for row in result.get("budget", {}).get("projects", ()) if row["place"] is not None]
    return tuple(called.get(n, f"{n:04d}") for n in won)


def _sums(row: dict[str, int], like: str) -> str:
    if like.endswith("-"):
        return f"{row['heads']} / -"
    whole, rest = divmod(row["area"], 100)
    return f"{row['heads']} / {whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def unmet_survey(expect: Surveyed, matter: Matter) -> Iterator[Unmet]:
    """Everything asked of the newest survey that does not hold."""
    survey = Survey.objects.filter(matter=matter).order_by("-opens_at", "-id").first()
    if survey is None:
        yield "问卷", "有一份", "没有"
        return
    for name in expect.model_fields_set:
        wanted, found = getattr(expect, name), _surveyed(name, survey)
        if wanted != found:
            yield f"问卷 {name}", str(wanted), str(found)


def _surveyed(name: str, survey: Survey) -> Any:
    if name == "asked":
        return f"{survey.asked} of {survey.population}"
    result = survey.result or {}
    if name == "cells":
        told = {one["key"]: one["cells"] for one in result.get("questions", ()) if one["cells"] is not None}
        return {key: tuple(_range(*cell) for cell in cells) for key, cells in told.items()}
    return result.get(name)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
