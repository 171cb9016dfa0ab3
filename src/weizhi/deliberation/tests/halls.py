"""A charter with an online hall, and people who speak there."""

from datetime import timedelta
from random import Random
from uuid import uuid4

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.speak import Spoken, speak
from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[kinds.topic]
title = "议题"
procedure = "topic"
visible = "community"
[procedures.topic]
title = "议事"
[procedures.topic.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "hall"
[procedures.topic.steps.hall]
kind = "discuss"
title = "线上议事厅"
by = ["committee"]
who = ["resident"]
question = "架空层怎么用？"
moderated_by = ["property"]
open_for = "7 days"
at_least = 3
statements = { each = 3, seed = ["架空层应当先给老人坐。", "架空层可以停电动车。"] }
outcomes = { build = "build", drop = "no", too-few = "no" }
outcome_titles = { build = "照着办", drop = "不办", too-few = "参加的人太少" }
[procedures.topic.ends]
build = { counts = "solved", title = "照着办" }
no = { counts = "refused", title = "不办" }
"""
WAYS = 'outcomes = { build = "build", drop = "no", too-few = "no" }'
TITLES = 'outcome_titles = { build = "照着办", drop = "不办", too-few = "参加的人太少" }\n'
OPEN_FOR = timedelta(days=8)  # seven whole days after the day of the event


def opened(stage: Stage, charter: str = CHARTER) -> tuple[Done, Hall]:
    stage.adopt(charter)
    done = stage.report("lin", kind="topic", words="架空层空着", place="3-2")
    return done, Hall.objects.get(matter=done.matter_id)


def said(stage: Stage, hall: Hall, by: str, n: int, word: str, **rest: object) -> Spoken:
    of = rest.pop("of", None)
    return speak(
        hall.pk, {n: word}, by=stage.people[by], of=stage.people[str(of)] if of else None,
        at=stage.later(minutes=1), **rest,  # type: ignore[arg-type]  # a test's own words
    )  # fmt: skip


def added(stage: Stage, hall: Hall, by: str, words: str, **rest: object) -> Statement:
    of = rest.pop("of", None)
    return add_statement(
        hall.pk, words, by=stage.people[by], of=stage.people[str(of)] if of else None,
        at=stage.later(minutes=1), **rest,  # type: ignore[arg-type]  # likewise
    )  # fmt: skip


def crowd(hall: Hall, people: int, *, opposed: int | None = None, statements: int = 12, firm: float = 0.93) -> None:
    """So many voices of nobody on so many more statements: two camps that differ on half of them, a third `opposed`."""
    chance, against = Random(1), people // 3 if opposed is None else opposed
    first = Statement.objects.filter(hall=hall).count() + 1
    made = [
        Statement(hall=hall, n=first + n, words=f"第 {first + n} 句话，说的是架空层", state="open", channel="seed")
        for n in range(statements)
    ]
    Statement.objects.bulk_create(made)
    voices = [Voice(hall=hall, who=uuid4().hex, channel="phone") for _ in range(people)]
    Voice.objects.bulk_create(voices)
    stances = []
    for n, voice in enumerate(voices):
        side = -1 if n < against else 1
        for m, statement in enumerate(made):
            leaning = 1 if m % 2 else side
            word = leaning if chance.random() < firm else chance.choice((1, 0, -1))
            stances.append(Stance(voice=voice, statement=statement, said=word, channel="phone"))
    Stance.objects.bulk_create(stances, batch_size=2000)
