"""Small random charters for hypothesis: lines of steps with ways forward, back and out, routes, forks in forks."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

HEAD = """
[charter]
language = 1
name = "random"
title = "随机的章程"
extends = ["base"]
[kinds.random]
title = "随机的事"
procedure = "random"
visible = "community"
[procedures.random]
title = "随机的流程"
"""
FIRST: dict[str, Any] = {
    "kind": "raise",
    "by": ["resident", "grid-officer"],
    "fields": [
        {"key": "words", "type": "text", "title": "什么事", "required": True},
        {"key": "pick", "type": "yes-no", "title": "选一个", "required": True},
    ],
}
PEOPLE = ("sort", "handle", "check")
DEEPEST = 2
Steps = dict[str, dict[str, Any]]


@st.composite
def charter_texts(draw: st.DrawFn) -> str:
    """The text of a charter of which the checker should have nothing to say."""
    steps = {"say": {**FIRST, "then": "a0"}} | draw(lines("a", ("good", "bad"), 0))
    used = {target for step in steps.values() for target in targets(step)}
    ends = {"good": {"counts": "solved"}, "bad": {"counts": "failed"}}
    text = HEAD
    for key, step in steps.items():
        text += f"[procedures.random.steps.{key}]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in step.items())
    return text + "[procedures.random.ends]\n" + "".join(f"{e} = {toml(c)}\n" for e, c in ends.items() if e in used)


def targets(step: dict[str, Any]) -> list[str]:
    found = [*step.get("outcomes", {}).values(), *step.get("branches", {}).values()]
    found += [row["to"] for row in step.get("routes", ())]
    return found + [step[key] for key in ("then", "when_due", "first") if key in step]


@st.composite
def lines(draw: st.DrawFn, prefix: str, out: Sequence[str], depth: int) -> Steps:
    """Steps one after another; each leads to the next, and perhaps elsewhere; `out` are the ways out of the line."""
    keys = [f"{prefix}{n}" for n in range(draw(st.integers(1, 3)))]
    steps: Steps = {}
    for n, key in enumerate(keys):
        ahead = [*keys[n + 1 :], *out]
        kinds = ["sort", "handle", "check", "publish", "route"] + ["fork"] * 2 * (depth < DEEPEST)
        kind = draw(st.sampled_from(kinds))
        if kind in PEOPLE:
            steps[key] = draw(by_people(kind, keys[: n + 1], ahead))
        elif kind == "publish":
            steps[key] = {"kind": "publish", "what": ["result"], "then": ahead[0]}
        elif kind == "route":
            when = [{"gate": "field", "of": "say.pick", "is": "yes"}]
            rows = [{"when": when, "to": draw(st.sampled_from(ahead))}, {"to": ahead[0]}]
            steps[key] = {"kind": "route", "routes": rows}
        else:
            steps |= draw(forks(key, ahead, depth))
    return steps


@st.composite
def by_people(draw: st.DrawFn, kind: str, back: Sequence[str], ahead: Sequence[str]) -> dict[str, Any]:
    step: dict[str, Any] = {"kind": kind, "by": ["committee"], "within": "2 days"}
    step["outcomes"] = {"on": ahead[0]}
    if draw(st.booleans()):
        step["outcomes"]["aside"] = draw(st.sampled_from(ahead))
    if draw(st.booleans()):
        step["outcomes"]["again"] = draw(st.sampled_from(back))
        if draw(st.booleans()):
            step["at_most"] = {"again": draw(st.integers(1, 2))}
    if draw(st.booleans()):
        step["when_due"] = draw(st.sampled_from(ahead))
    return step


@st.composite
def forks(draw: st.DrawFn, key: str, ahead: Sequence[str], depth: int) -> Steps:
    answers = [f"{key}.yes", f"{key}.no"]
    fork: dict[str, Any] = {"kind": "fork", "rest": draw(st.sampled_from(["cancel", "keep"]))}
    inner: Steps = {}
    if draw(st.integers(0, 3)) == 0:
        inner = draw(lines(f"{key}e", answers, depth + 1))
        fork |= {"for_each": "grids-concerned", "first": f"{key}e0", "need": draw(st.sampled_from(["all", "any"]))}
    else:
        names = ["left", "right", "middle"][: draw(st.integers(2, 3))]
        for name in names:
            inner |= draw(lines(f"{key}{name[0]}", answers, depth + 1))
        needs: list[str | int] = ["all", "any", *range(1, len(names) + 1)]
        fork |= {"branches": {n: f"{key}{n[0]}0" for n in names}, "need": draw(st.sampled_from(needs))}
    fork["outcomes"] = {"met": ahead[0], "unmet": draw(st.sampled_from(ahead))}
    return {key: fork} | inner


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
