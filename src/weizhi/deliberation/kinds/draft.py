"""draft: a text is written version by version; what stands when the step is left is frozen for the steps after it."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING, DraftParams
from weizhi.charters.steps import Step
from weizhi.deliberation.in_force import edition_in_force
from weizhi.deliberation.models import Text
from weizhi.deliberation.versions import TEXT, WHOLE_TEXT, body_of
from weizhi.matters import rules
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.published import masked
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, Left, StepKind, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.methods.text.articles import articles, repeated
from weizhi.methods.text.differing import paragraphs
from weizhi.record.actions.append import COMMUNITY, HOUSEHOLD, Part

DRAFT, WRITE = "draft", "write"
LETTERS_AT_MOST: Final = 20_000
PARAGRAPHS_AT_MOST: Final = 400  # comparing two versions grows with their product
EDITION: Final = "edition"  # in the brief: which edition of a convention it is written on; 0: there is none yet
SINCE: Final = "since"  # in the brief: the version that was frozen when the step was opened again


class DraftData(ActData):
    """A version. `base` is the version on which it was written, so that nobody's work is written over."""

    text: str = Field(default="", max_length=LETTERS_AT_MOST)
    base: int | None = Field(default=None, ge=0)


class Draft(StepKind):
    spec = DELIBERATING[DRAFT]
    Data = DraftData
    extra_verbs = (WRITE,)
    says = {
        WRITE: Saying(_("{who}写了第 {n} 版")),
        DRAFT: Saying(_("{who}定了稿：第 {n} 版")),
        "lapse": Saying(_("起草的时间到了，按章程转到“{next}”。")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        text, _made = Text.objects.get_or_create(
            matter=scene.matter, step=row.key, defaults={"community_id": scene.matter.community_id}
        )
        kept: dict[str, int] = {}
        if text.frozen is not None:  # it came back: the same words are not sent on again
            kept[SINCE] = text.frozen
        if (convention := self._params(scene, row).convention) is not None:
            kept[EDITION] = _written_on(scene, convention)
        if kept:
            row.brief |= kept
            row.save(update_fields=["brief"])

    def _params(self, scene: Scene, row: StepRow) -> DraftParams:
        found: DraftParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, DraftData)
        text = Text.objects.select_for_update().get(matter=scene.matter, step=act.row.key)
        if act.verb == WRITE:
            public, parts = self._write(scene, act, text)
            return Effect(public=public, parts=parts)
        return self._finish(scene, act, text)

    def _finish(self, scene: Scene, act: Act, text: Text) -> Effect:
        assert act.row is not None and isinstance(act.data, DraftData)
        outcome = chosen(scene, act)
        parts: tuple[Part, ...] = ()
        public: dict[str, Any] = {}
        if not text.versions:  # the desk begins with somebody else's words: one press must not make them the text
            raise Refused("not-yet", "还没有存过一版，不能定稿。请先看过、改好、存成一版，再定稿。", field="text")
        if act.data.text and act.data.text != _last(text):
            public, parts = self._write(scene, act, text)
        if act.row.brief.get(SINCE) == text.versions:
            raise Refused(
                "not-yet",
                f"第 {text.versions} 版退回来了，要改过才能再定稿。请写新的一版。",
                field="text",
            )
        freeze(text, scene)
        return Effect(outcome, {"n": text.versions, "frozen": text.versions, **public}, parts)

    def _write(self, scene: Scene, act: Act, text: Text) -> tuple[dict[str, Any], tuple[Part, ...]]:
        """The next version, as one more entry."""
        assert act.row is not None and isinstance(act.data, DraftData)
        words, base = act.data.text, act.data.base
        if not words:
            raise Refused("bad-data", "还没有写。请写好再存。", field="text")
        if base is not None and base != text.versions:
            n = text.versions
            raise Refused(
                "meanwhile", f"您写的时候，别人存了第 {n} 版。您写的还在。请对照第 {n} 版改好再存。", field="text"
            )
        if words == _last(text):
            raise Refused("bad-data", "和上一版一个字也没有变。", field="text")
        _check(words, in_articles=self._params(scene, act.row).convention is not None)
        text.versions += 1
        text.save(update_fields=["versions"])
        return {"n": text.versions, "version": text.versions}, _parts(scene, act, words)

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        """Time sends it on with the version that stands, if there is one."""
        text = Text.objects.select_for_update().get(matter=scene.matter, step=row.key)
        if not text.versions:
            return super().lapsed(scene, row, when_due)
        freeze(text, scene)
        effect = super().lapsed(scene, row, when_due)
        return Effect(effect.outcome, {**effect.public, "n": text.versions, "frozen": text.versions})

    def left(self, scene: Scene, step: Step) -> Left | None:
        text = Text.objects.filter(matter=scene.matter, step=step.key, frozen__isnull=False).first()
        if text is None or text.frozen is None:
            return None
        # What was narrowed to the parties stays with them: nobody who votes reads more here than on the page.
        words = body_of(text.matter_id, text.step, text.frozen, closed=False)
        return Left(words, text.frozen) if words else None


def freeze(text: Text, scene: Scene) -> None:
    text.frozen, text.frozen_at = text.versions, scene.now
    text.save(update_fields=["frozen", "frozen_at"])


def _last(text: Text) -> str:
    return body_of(text.matter_id, text.step, text.versions)


def _written_on(scene: Scene, convention: str) -> int:
    """The edition in force. Raises Refused where this kind of matter may not write one: told before anybody works."""
    named, now = scene.charter.conventions[convention], edition_in_force(scene.matter.community_id, convention)
    if scene.matter.kind == (named.amends if now else named.adopted_by):
        return now.n if now else 0
    if now is not None:
        title = scene.charter.kinds[named.amends].title
        raise Refused("not-yet", f"《{named.title}》已经在施行。要改哪一条，请提“{title}”。")
    title = scene.charter.kinds[named.adopted_by].title
    raise Refused("not-yet", f"《{named.title}》还没有施行，没有什么可改。请先提“{title}”。")


def _check(words: str, *, in_articles: bool) -> None:
    if len(paragraphs(words)) > PARAGRAPHS_AT_MOST:
        raise Refused("bad-data", f"分了太多段，最多 {PARAGRAPHS_AT_MOST} 段。请把短的段落并起来。", field="text")
    found = articles(words)
    if in_articles and not found:
        raise Refused("bad-data", "公约要一条一条写，每一条以“第一条”这样开头，别人才说得清是哪一条。", field="text")
    if twice := repeated(found):
        raise Refused("bad-data", f"“{twice[0]}”写了两次。请改一个编号，别人才说得清是哪一条。", field="text")


def _parts(scene: Scene, act: Act, words: str) -> tuple[Part, ...]:
    """What others may read, with personal numbers hidden; the whole for the parties."""
    narrow = rules.closed(scene.step_of(act).visible, scene.kind.visible)
    shown = words if narrow else masked(words, scene.matter.charter_id)
    parts = (Part(TEXT, shown, HOUSEHOLD if narrow else COMMUNITY),)
    return parts if shown == words else (*parts, Part(WHOLE_TEXT, words, HOUSEHOLD))
