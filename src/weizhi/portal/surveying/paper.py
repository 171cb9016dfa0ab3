"""The printed questionnaires: one for each that is asked, with its code for the desk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from weizhi.charters.periods import ZONE
from weizhi.deliberation.models import Asked, Survey
from weizhi.portal.printing import Range, typeset
from weizhi.portal.saying import place_words
from weizhi.portal.surveying import words

AT_MOST: Final = 200


def questionnaires(survey: Survey, wanted: Range, now: datetime) -> bytes:
    return typeset("surveying/paper/questionnaire.typ", content(survey, wanted, now))[0]


def content(survey: Survey, wanted: Range, now: datetime) -> dict[str, Any]:
    """What the sheets say, as data: nobody's name, a code that only the desk can read."""
    until = survey.closes_at.astimezone(ZONE)
    return {
        "title": words.title_of(survey),
        "community": survey.community.name,
        "why": words.why_me(survey, mine=True),
        "questions": [
            {
                "title": question.title, "form": question.form,
                "hint": f"最多选 {question.at_most} 个" if question.at_most
                else {"choices": "可以选几个"}.get(question.form, ""),
                "options": [{"key": key, "words": one} for key, one in words.options_of(question)]
                if question.form != "text" else [],
            }
            for question in survey.question_list
        ],
        "how": [
            "在方框里打勾。不想答的题可以空着。",
            f"请在 {until.month} 月 {until.day} 日 {until:%H:%M} 以前交回；也可以打电话说，或者用手机答，都算一份。",
            "怎么答的只用来数总数，不公布谁答了什么。下面的编号是为了一户只数一份，录完和答案分开。"
            if survey.asks == Survey.Asks.HOUSEHOLDS
            else "怎么答的只用来数总数，不公布谁答了什么。下面的编号是为了一人只数一份，录完和答案分开。",
        ],
        "words": {"seal": ""},
        "sheets": list(_sheets(survey, wanted)),
        "foot": f"编号 {survey.matter.number:04d} · {now.astimezone(ZONE):%Y-%m-%d %H:%M} 打印",
    }  # fmt: skip


def _sheets(survey: Survey, wanted: Range) -> Iterator[dict[str, str]]:
    rows = Asked.objects.filter(survey=survey.pk, n__gte=wanted.first, n__lte=wanted.last).order_by("n")
    for row in rows.select_related("place__parent__parent__parent"):
        yield {"n": str(row.n), "code": f"{row.code[:4]} {row.code[4:]}", "where": place_words(row.place)}
