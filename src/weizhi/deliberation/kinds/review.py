"""review: experts say point by point what a text lacks; its authors answer each; then the experts decide."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING, FAILED, ReviewParams
from weizhi.deliberation import reviewing
from weizhi.deliberation.reviewing import Point, Reply, Severity
from weizhi.deliberation.wording import joined, reply_words, severity_words
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, chosen, left_by
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.methods.text.articles import articles
from weizhi.people.access import person_key
from weizhi.record.actions.append import Part

REVIEW, POINT, REPLY, TAKE_BACK_POINT = "review", "point", "reply", "take-back-point"
POINTS, GIVEN = "points", "given"  # in the memory: those that stand, and how many were ever given a number
POINTS_AT_MOST: Final = 200


class ReviewData(ActData):
    """A point (severity, article), a reply to one (point, reply), or neither with the conclusion."""

    severity: Severity | None = None
    article: str = Field(default="", max_length=20)
    point: int | None = Field(default=None, ge=1)
    reply: Reply | None = None


class Review(StepKind):
    spec = DELIBERATING[REVIEW]
    Data = ReviewData
    extra_verbs = (POINT, REPLY, TAKE_BACK_POINT)
    says = {
        REVIEW: Saying(_("专家审查的结论：{outcome}"), desk=_("{who}下结论：{outcome}")),
        POINT: Saying(_("{who}提了第 {n} 条意见{detail}")),
        REPLY: Saying(_("{who}答复第 {n} 条意见{detail}")),
        TAKE_BACK_POINT: Saying(_("{who}撤回了第 {n} 条意见")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Fix which version is looked at: the draft may be opened again later."""
        left = left_by(scene, self._params(scene, row).about)
        row.brief |= {"version": left.version if left else 0}
        row.save(update_fields=["brief"])

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, ReviewData)
        points = points_of(act.row)
        self._own_part(scene, act)
        if act.verb == POINT:
            return self._point(scene, act, points)
        if act.verb == REPLY:
            return self._reply(act, points)
        if act.verb == TAKE_BACK_POINT:
            return self._take_back(act, points)
        outcome = chosen(scene, act)
        if outcome == FAILED and not act.data.words:
            raise Refused("bad-data", "不通过，请写一句为什么。", field="words")
        if hindered := reviewing.hinders(outcome, points):
            raise Refused("not-yet", hindered, field="outcome")
        return Effect(outcome, {"points": len(points)})

    def _own_part(self, scene: Scene, act: Act) -> None:
        """Experts give points and decide, the authors answer: nobody by the other's right."""
        assert act.row is not None
        step, token = scene.step_of(act), token_of(act.row)
        names = self._params(scene, act.row).answers if act.verb == REPLY else step.by
        if act.stands.keys.isdisjoint(scene.keys(tuple(names), step, token)):
            who = "、".join(scene.name_title(name) for name in names)
            line = scene.line(step, "answers" if act.verb == REPLY else "by")
            raise Refused("not-yours", f"这要由{who}来做。", line=line)

    def _point(self, scene: Scene, act: Act, points: list[Point]) -> Effect:
        assert act.row is not None and isinstance(act.data, ReviewData) and act.whose is not None
        data = act.data
        if data.severity is None:
            raise Refused("bad-data", "请选这一条有多要紧：必须改、最好改、还是供参考。", field="severity")
        if not data.words:
            raise Refused("bad-data", "请写意见：哪里不妥、为什么、怎么改。", field="words")
        n = int(act.row.memory.get(GIVEN, 0)) + 1  # never that of one that was taken back
        if n > POINTS_AT_MOST:
            raise Refused("too-often", f"最多 {POINTS_AT_MOST} 条意见。请把相近的合成一条。")
        if data.article and data.article not in _articles(scene, self._params(scene, act.row)):
            raise Refused("bad-data", f"文本里没有“{data.article}”。请对着文本再看一遍。", field="article")
        act.row.memory[GIVEN] = n
        self._keep(act.row, [*points, Point(n, data.severity, data.article, str(act.whose.pk))])
        return Effect(public={"n": n, "point": n, "severity": data.severity, "article": data.article})

    def _reply(self, act: Act, points: list[Point]) -> Effect:
        assert act.row is not None and isinstance(act.data, ReviewData)
        data, point = act.data, self._named(act, points)
        if data.reply is None:
            raise Refused("bad-data", "请选怎么答复：照改、换个改法、还是不改。", field="reply")
        if data.reply != reviewing.ACCEPT and not data.words:
            raise Refused("bad-data", "换个改法或者不改，请写清楚怎么改、为什么。", field="words")
        self._keep(act.row, [self._answered(one, data.reply) if one.n == point.n else one for one in points])
        public = {"n": point.n, "point": point.n, "reply": data.reply}
        return Effect(public=public, parts=(Part("tell", [f"person:{point.by}"]),))  # the expert reads it

    def _take_back(self, act: Act, points: list[Point]) -> Effect:
        """Whoever gave it, before or after it was answered: an answer may convince."""
        assert act.row is not None and act.whose is not None
        point = self._named(act, points)
        if f"person:{point.by}" != person_key(act.whose.pk):
            raise Refused("not-yours", "意见由提的人自己撤回。")
        self._keep(act.row, [one for one in points if one.n != point.n])
        return Effect(public={"n": point.n, "point": point.n})

    def _named(self, act: Act, points: list[Point]) -> Point:
        assert isinstance(act.data, ReviewData)
        found = next((point for point in points if point.n == act.data.point), None)
        if found is None:
            raise Refused("bad-data", "请选是第几条意见。", field="point")
        return found

    def _answered(self, point: Point, reply: Reply) -> Point:
        return Point(point.n, point.severity, point.article, point.by, reply)

    def _keep(self, row: StepRow, points: list[Point]) -> None:
        row.memory[POINTS] = [asdict(point) for point in points]

    def detail(self, public: Mapping[str, Any]) -> str:
        if "severity" in public:
            return joined(str(public.get("article", "")), severity_words(str(public["severity"])))
        return joined(reply_words(str(public["reply"]))) if "reply" in public else ""

    def _params(self, scene: Scene, row: StepRow) -> ReviewParams:
        found: ReviewParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found


def points_of(row: StepRow) -> list[Point]:
    """The points of one review, as they stand."""
    return [Point(**one) for one in row.memory.get(POINTS, ())]


def _articles(scene: Scene, params: ReviewParams) -> set[str]:
    left = left_by(scene, params.about)
    return {article.name for article in articles(left.words)} if left else set()
