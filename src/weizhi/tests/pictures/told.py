"""Pages that the demo does not show: each story is stopped at a moment, and somebody looks."""

from typing import Final

from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.tests.pictures.entry import Entry, Where


def newest(kind: str, name: str, *more: object) -> Where:
    """A page of the newest matter of a kind."""

    def where(_who: Standing) -> str:
        return reverse(name, args=[Matter.objects.filter(kind=kind).latest("number").pk, *more])

    return where


def told(key: str, story: str, until: str, who: str, says: str, kind: str, name: str = "portal:matter") -> Entry:
    return Entry(key, name, who, says, newest(kind, name), story=story, until=until)


def guided(_who: Standing) -> str:
    return reverse("portal:guided") + "?kind=proposal"


BINS: Final = "cuizhuyuan"
STEPS: Final = "baibuting"
TALK: Final = "qingshan-mediation"
TOLD: Final = (
    told("meeting-called", BINS, "2017-03-31T12:00", "lin", "Invited to a meeting: when, where, what about.",
         "meeting", "portal:meeting"),
    told("meeting", BINS, "2017-04-06T19:30", "wang", "In the chair: one matter at a time, hands, what was resolved.",
         "meeting", "portal:meeting"),
    told("wall", BINS, "2017-04-06T19:31", "wang", "On the wall of the hall: what it is about, the seats, the rules.",
         "meeting", "portal:wall"),
    told("minutes", BINS, "2017-04-06T20:30", "wang", "Minutes made of what happened; only words are corrected.",
         "meeting", "portal:minutes"),
    told("trial", "cuizhuyuan-better", "2017-03-18T12:00", "lin", "A trial: how it stands, and what follows from it.",
         "trial-run"),
    told("walking", "licheng-asked-first", "2026-03-03T18:00", "he", "Before the bins move: how far I would walk then.",
         "move"),
    told("survey", "survey", "2026-03-02T10:00", "r3", "A survey: why me, one question after the other.",
         "question", "portal:survey"),
    told("survey-desk", "survey", "2026-03-04T12:00", "wang", "Paper and telephone answers; how many came back.",
         "question", "portal:survey-desk"),
    told("survey-result", "survey", "2026-03-10T09:00", "r3", "What came out, in words and bars; few are not shown.",
         "question", "portal:survey"),
    told("hall", "hall", "2026-03-03T12:00", "lin", "The online hall: one statement at a time.",
         "topic", "portal:hall"),
    told("hall-desk", "hall", "2026-03-03T12:01", "wang", "Statements to look at, voices on paper and by mouth.",
         "topic", "portal:hall-desk"),
    told("hall-result", "hall", "2026-03-04T12:00", "lin", "What unites first; nothing is drawn where too few spoke.",
         "topic", "portal:hall-result"),
    Entry("text", "portal:text", "d1", "A text in the making, with what changed since the last version.",
          newest("topic", "portal:text", "draft"), story=STEPS, until="2026-03-16T12:00"),
    told("objections", STEPS, "2026-03-24T12:00", "d1", "Objections to what is on the board: each gets its answer.",
         "topic", "portal:objections"),
    told("notice-wall", STEPS, "2026-03-24T12:01", "wang", "The notice on the screen of the hall, with its code.",
         "topic", "portal:notice-wall"),
    told("review", STEPS, "2026-04-03T12:00", "d1", "What the experts said, point by point, and what the authors do.",
         "topic", "portal:review"),
    told("invited", "gulou-liuhua", "2026-03-03T12:00", "zhou", "Who is concerned, and whose letters are handed over.",
         "topic", "portal:invited"),
    Entry("guided", "portal:guided", "h1", "A first proposal: one question on each page, by voice too.", guided,
          story="wuwei-proposals", until="2026-03-02T12:00"),
    told("mediation", TALK, "2026-03-16T20:03", "upstairs", "Two sides and a mediator: choose an hour.",
         "mediation", "portal:mediation"),
    Entry("mediations", "portal:mediations", "zhao", "The mediator's day.", story=TALK, until="2026-03-19T09:00"),
    told("marks", "shegong", "2026-03-06T09:30", "lin", "What neighbours marked on their walk, on a map and in lists.",
         "walk", "portal:marks"),
    Entry("convention", "portal:convention", "h1", "A convention, article by article, each since when and why.",
          lambda _who: reverse("portal:convention", args=["residents"]), story="haicang-gongyue",
          until="2026-04-18T12:00"),
    told("mediation-sign", TALK, "2026-03-19T10:47", "upstairs", "What both agreed on, to be signed.",
         "mediation", "portal:mediation"),
)  # fmt: skip
