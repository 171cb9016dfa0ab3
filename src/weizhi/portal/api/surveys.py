"""Surveys: answer one, or type in what somebody wrote or said. An own answer needs the person's own session: no token
answers for whoever gave it, a token of who runs the survey types in papers and calls."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from weizhi.deliberation.actions.fill_in import Filled, enter, fill_in
from weizhi.deliberation.models import Survey
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.portal.api import bodies, tokens
from weizhi.portal.api.matters import REFUSALS
from weizhi.portal.surveying.page import seen
from weizhi.portal.visitor import signed_in, standing_of

router = Router()


class Received(Schema):
    """`n`: the number of the home or person on the list. `again`: this sending had arrived before."""

    survey: UUID
    n: int
    changed: bool
    again: bool


@router.post(
    "/{uuid:matter_id}/answers",
    response={200: Received, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Answer a survey, or type in an answer",
    openapi_extra=bodies.described(bodies.Answers, tokens.ACT),
)
def answer_one(request: HttpRequest, matter_id: UUID) -> Received:
    """With `of` (the code on the paper, the home's code) it is somebody's that you type in: who runs the survey may.
    Without, it is your own. Saved at once; sent again until the end, it replaces what was said."""
    by = signed_in(request)
    survey = _one(request, matter_id)
    sent, _photos = bodies.read(request, bodies.Answers)
    if sent.of:
        return _told(
            enter(
                survey.pk, sent.answers, by=by, of=sent.of, channel=sent.channel, key=sent.key, who=standing_of(request)
            )
        )
    if tokens.by_token(request):
        raise Refused("not-yours", _("令牌不能替人答问卷。自己的一份请自己登录了答。"))
    return _told(fill_in(survey.pk, sent.answers, by=by, asked=sent.asked, key=sent.key))


def _one(request: HttpRequest, matter_id: UUID) -> Survey:
    """For a token only what its post sees, nothing of what its giver is asked at home."""
    who = standing_of(request)
    found = seen(matter_id, who)
    by_token = tokens.by_token(request)
    if found is None or (by_token and not Matter.objects.visible_to(who).filter(pk=matter_id).exists()):
        raise Refused("not-found", _("没有这份问卷，或者您看不到它。"))
    return found


def _told(done: Filled) -> Received:
    return Received(survey=done.survey, n=done.n, changed=done.changed, again=done.again)
