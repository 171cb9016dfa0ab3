"""When a survey ends: its answers are counted, lose their persons, and are kept sealed with their hash."""

import hashlib
import json
import secrets
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from weizhi.charters.surveying import DONE, TOO_FEW
from weizhi.charters.words import parse_fraction
from weizhi.deliberation.answers import TEXT, figures, merged_groups, without_words
from weizhi.deliberation.hiding import FEWEST
from weizhi.deliberation.models import Answer, Asked, Remark, Survey
from weizhi.people.vault import keyring
from weizhi.record.canonical import canonical

SALT_BYTES = 32


def answer_identity(asked: UUID) -> str:
    return f"deliberation.Answer:{asked}"


def remark_identity(survey: UUID, question: str) -> str:
    return f"deliberation.Remark:{survey}:{question}"


def answers_identity(survey: UUID) -> str:
    return f"deliberation.Survey:{survey}:answers"


def back(survey: Survey) -> int:
    """How many have answered. One query."""
    return Answer.objects.filter(asked__survey=survey.pk).count()


def enough(survey: Survey, answered: int) -> bool:
    """Whether the share that the charter asks for has answered; without one, anybody."""
    if not survey.at_least:
        return answered > 0
    upper, lower = parse_fraction(survey.at_least)
    return answered * lower >= upper * survey.asked


def collect(survey: Survey, at: datetime) -> str:
    """Count and forget who said what. The survey's row is held. Returns the outcome."""
    questions = survey.question_list
    said = [_read(asked, sealed) for asked, sealed in _envelopes(survey)]
    secrets.SystemRandom().shuffle(said)  # so that no later row stands where an answer stood
    survey.closed_at, survey.result = at, {
        **response(survey),
        "questions": figures(questions, said, survey.population if survey.is_sample else None),
    }  # fmt: skip
    kept = sorted((without_words(questions, one) for one in said), key=canonical)
    _keep(survey, kept)
    _remark(survey, said, [question.key for question in questions if question.form == TEXT])
    Answer.objects.filter(asked__survey=survey.pk).update(sealed=b"", key="", past_keys=[])
    survey.save(update_fields=["closed_at", "result", "answers", "root"])
    return DONE if enough(survey, survey.result["back"]) else TOO_FEW


def forget(survey: Survey, at: datetime) -> None:
    """A survey that nobody needs any more: what was said goes unread."""
    Answer.objects.filter(asked__survey=survey.pk).update(sealed=b"", key="", past_keys=[])
    survey.closed_at = at
    survey.save(update_fields=["closed_at"])


def response(survey: Survey) -> dict[str, Any]:
    """Who was asked and how many came back, by grid and channel; never what. Two queries."""
    grids = [
        (str(row["grid"]), int(row["asked"]), int(row["back"]))
        for row in Asked.objects.filter(survey=survey.pk).values("grid").order_by("grid").annotate(
            asked=Count("pk"), back=Count("answer")
        )
    ]  # fmt: skip
    channels = Counter(Answer.objects.filter(asked__survey=survey.pk).values_list("channel", flat=True))
    return {
        "population": survey.population, "asked": survey.asked, "back": sum(channels.values()),
        "channels": dict(sorted(channels.items())),
        "grids": [
            {"grids": names, "asked": asked, "back": done} for names, asked, done in merged_groups(grids, FEWEST)
        ],
    }  # fmt: skip


def _envelopes(survey: Survey) -> list[tuple[UUID, bytes]]:
    rows = Answer.objects.filter(asked__survey=survey.pk).order_by("asked__n")
    return [(asked, bytes(sealed)) for asked, sealed in rows.values_list("asked", "sealed")]


def _read(asked: UUID, sealed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(keyring().decrypt(sealed, answer_identity(asked)))
    return found


def _keep(survey: Survey, answers: list[dict[str, Any]]) -> None:
    """Sealed, with a salt: of few answers the hash alone would otherwise be guessed."""
    whole = json.dumps({"salt": secrets.token_hex(SALT_BYTES), "answers": answers}, ensure_ascii=False)
    survey.answers = keyring().encrypt(whole, answers_identity(survey.pk))
    survey.root = root_of_answers(survey)


def root_of_answers(survey: Survey) -> str:
    """The hash of what is kept, made anew: what the record says must be the same."""
    whole = json.loads(keyring().decrypt(bytes(survey.answers or b""), answers_identity(survey.pk)))
    return hashlib.sha256(bytes.fromhex(whole["salt"]) + canonical(whole["answers"])).hexdigest()


def _remark(survey: Survey, said: list[dict[str, Any]], worded: list[str]) -> None:
    Remark.objects.bulk_create(
        Remark(
            survey=survey, question=key, sealed=keyring().encrypt(one[key], remark_identity(survey.pk, key))
        )
        for key in worded
        for one in said
        if one.get(key)
    )  # fmt: skip
