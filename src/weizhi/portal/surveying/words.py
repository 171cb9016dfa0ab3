"""How a survey is told: why somebody is asked, how many came back, what a count and its interval mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from weizhi.charters.surveying import Question
from weizhi.deliberation.hiding import FEWEST
from weizhi.deliberation.models import Survey
from weizhi.deliberation.wording import asked_and_back
from weizhi.matters.pinned import charter_by_hash

SCALE = "scale"


def title_of(survey: Survey) -> str:
    """What the charter calls the step, else the matter's own title. The survey comes with its matter."""
    charter = charter_by_hash(survey.matter.charter_id)
    return charter.procedure_of(survey.matter.kind).steps[survey.step.key].title or survey.matter.title


def unit_of(survey: Survey) -> str:
    return _("户") if survey.asks == Survey.Asks.HOUSEHOLDS else _("人")


def how_asked(survey: Survey) -> str:
    """从 380 户里抽了 200 户."""
    told = {"asks": survey.asks, "asked": survey.asked, "population": survey.population, "seed": survey.seed}
    return asked_and_back(told)


def why_me(survey: Survey, mine: bool) -> list[str]:
    """What stands under 为什么问我."""
    found = [survey.why] if survey.why else []
    if survey.is_sample:
        found.append(
            _("%(how)s，是用公开的种子抽签抽的，谁也挑不了。") % {"how": how_asked(survey)}
            + (_("这次抽到了您这里。") if mine else "")
        )
    else:
        found.append(_("%(how)s，不抽签，也不漏一个。") % {"how": how_asked(survey)})
    return found


def so_far(survey: Survey, back: int) -> str:
    return _("问了 %(asked)s %(unit)s，回了 %(back)s %(unit)s") % {
        "asked": f"{survey.asked:,}", "back": f"{back:,}", "unit": unit_of(survey),
    }  # fmt: skip


def options_of(question: Question) -> list[tuple[str, str]]:
    """(what is sent, what is read) of each thing that may be picked."""
    if question.form != SCALE:
        return [(str(n), words) for n, words in enumerate(question.choices, 1)]
    low, high = question.ends or ("", "")
    meant = {1: low, question.levels: high}
    return [(str(n), _level(n, meant.get(n, ""))) for n in range(1, question.levels + 1)]


def _level(n: int, meant: str) -> str:
    return _("%(n)s 分，%(words)s") % {"n": n, "words": meant} if meant else _("%(n)s 分") % {"n": n}


def count_words(cell: Sequence[int], unit: str) -> str:
    """58 户; of a few 不到 5 户; between two numbers where a few of the question are hidden."""
    low, high = cell
    if low == high:
        return f"{low:,} {unit}"
    if high < FEWEST:
        return _("不到 %(n)s %(unit)s") % {"n": FEWEST, "unit": unit}
    return f"{low:,}–{high:,} {unit}"


def between(share: Sequence[float] | None) -> str:
    """大约在 58%–72% 之间."""
    if share is None:
        return ""
    low, high = (round(100 * value) for value in share[1:])
    return _("大约在 %(low)s%%–%(high)s%% 之间") % {"low": low, "high": high}


def mean_words(mean: Sequence[float] | None, is_sample: bool) -> str:
    if mean is None:
        return ""
    told = {"mean": f"{mean[0]:.1f}", "low": f"{mean[1]:.1f}", "high": f"{mean[2]:.1f}"}
    if is_sample:
        return _("平均 %(mean)s 分；都问的话，大约在 %(low)s–%(high)s 分之间。") % told
    return _("平均 %(mean)s 分。") % told


def not_asked_words(result: Mapping[str, Any], unit: str) -> str:
    """What the numbers do not say."""
    silent = int(result["asked"]) - int(result["back"])
    if not silent:
        return ""
    return _("没有回的 %(n)s %(unit)s 怎么想，这里看不出来。") % {"n": f"{silent:,}", "unit": unit}


def answered_words(n: int, unit: str) -> str:
    return _("%(n)s %(unit)s答了这一题") % {"n": f"{n:,}", "unit": unit}
