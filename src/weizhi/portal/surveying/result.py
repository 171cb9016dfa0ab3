"""The result of a survey as it is read: a bar and a sentence for each option, and what the numbers do not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from weizhi.charters.surveying import Question
from weizhi.deliberation.models import Answer, Survey
from weizhi.places.models import Place
from weizhi.portal.surveying import words


@dataclass(frozen=True)
class Row:
    words: str
    width: float
    number: str
    more: str


@dataclass(frozen=True)
class Told:
    """One question with its bars, or why it has none."""

    n: int
    title: str
    says: str
    rows: tuple[Row, ...]
    mean: str = ""
    none: str = ""


@dataclass(frozen=True)
class Part:
    """So many of so many: a grid, a channel."""

    title: str
    done: int
    total: int
    words: str


@dataclass(frozen=True)
class Result:
    back: str
    silent: str
    sample: str
    questions: tuple[Told, ...]
    grids: tuple[Part, ...]
    channels: tuple[Part, ...]


def result_of(survey: Survey) -> Result | None:
    """None while it is open, and where it was called off. One query for the names of grids."""
    result = survey.result
    if result is None:
        return None
    unit = words.unit_of(survey)
    found = {one["key"]: one for one in result["questions"]}
    return Result(
        back=words.so_far(survey, result["back"]),
        silent=words.not_asked_words(result, unit),
        sample=_sample(survey),
        questions=tuple(
            _told(n, question, found[question.key], survey) for n, question in enumerate(survey.question_list, 1)
        ),
        **response_parts(result, unit),
    )


def response_parts(result: Mapping[str, Any], unit: str) -> dict[str, tuple[Part, ...]]:
    """How many came back by grid and by channel, each with what it is a part of. One query."""
    paths = [path for row in result["grids"] for path in row["grids"]]
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    grids = tuple(
        Part(
            "、".join(names.get(path) or _("不在网格里") for path in row["grids"]), row["back"], row["asked"],
            _("问了 %(asked)s %(unit)s，回了 %(back)s %(unit)s") % {"unit": unit, **row},
        )
        for row in result["grids"]
    )  # fmt: skip
    channels = tuple(
        Part(
            str(Answer.Channel(key).label), n, result["back"],
            _("%(n)s %(unit)s（共回了 %(back)s %(unit)s）") % {"n": n, "unit": unit, "back": result["back"]},
        )
        for key, n in result["channels"].items()
    )  # fmt: skip
    return {"grids": grids if len(grids) > 1 else (), "channels": channels}


def _sample(survey: Survey) -> str:
    if not survey.is_sample:
        return _("每一%(unit)s都问了，所以下面的数就是回了的数，没有估计。") % {"unit": words.unit_of(survey)}
    return _(
        "是抽出来问的，所以换一批%(unit)s，数会差一点：“大约在……之间”的意思是，"
        "照这样抽一百次，有九十五次，全部%(unit)s里的真正比例落在里面。"
    ) % {"unit": words.unit_of(survey)}


def _told(n: int, question: Question, found: Mapping[str, Any], survey: Survey) -> Told:
    unit = words.unit_of(survey)
    says = words.answered_words(found["answered"], unit)
    if question.form == "text":
        return Told(n, question.title, says, (), none=_("写的话只给负责这次问卷的人看，不公开。"))
    if found["cells"] is None:
        return Told(n, question.title, "", (), none=_("答这一题的太少，公布了就看得出是谁，所以不公布。"))
    shares: Sequence[Any] = found.get("shares") or [None] * len(found["cells"])
    rows = tuple(
        _row(title, cell, share, found["answered"], unit)
        for (_key, title), cell, share in zip(words.options_of(question), found["cells"], shares, strict=True)
    )
    return Told(n, question.title, says, rows, words.mean_words(found.get("mean"), survey.is_sample))


def _row(title: str, cell: Sequence[int], share: Sequence[float] | None, answered: int, unit: str) -> Row:
    width = 50 * (cell[0] + cell[1]) / answered
    number = words.count_words(cell, unit)
    if cell[0] == cell[1]:
        number += f"（{round(width)}%）"
    return Row(title, width, number, words.between(share))
