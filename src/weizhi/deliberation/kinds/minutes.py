"""minutes: the record of a meeting. Its facts are the meeting's own rows; its words are corrected, version by version,
and signed by whoever held the meeting and others whom the charter names."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deliberating import DELIBERATING, MinutesParams
from weizhi.deliberation import minutes, rules
from weizhi.deliberation.models import Sitting
from weizhi.deliberation.rules import Signature
from weizhi.matters.fields import WORDS_AT_MOST, ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.published import masked
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.record.actions.append import COMMUNITY, HOUSEHOLD, Part

SIGNED = "signed"


class MinutesData(ActData):
    """A signature under a version, or words of some sections anew."""

    version: int | None = None
    texts: dict[str, str] = Field(default_factory=dict, max_length=99)


class Minutes(StepKind):
    spec = DELIBERATING["minutes"]
    Data = MinutesData
    extra_verbs = (minutes.CORRECT,)
    says = {
        minutes.SIGN: Saying(_("{who}签了会议记录{detail}")),
        minutes.CORRECT: Saying(_("{who}改了会议记录里的话{detail}")),
    }

    def opened(self, scene: Scene, row: StepRow) -> None:
        """The draft is there at once: the meeting's rows, and what was said of each matter when it was decided."""
        of = scene.procedure.steps[row.key].parsed(self.spec).of
        held = [one for one in scene.rows.values() if one.key == of]
        sitting = Sitting.objects.get(step=max(held, key=lambda one: one.round))
        row.brief |= {minutes.SITTING: str(sitting.pk)}
        row.save(update_fields=["brief"])

    def outcomes_for(self, step: Any) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, MinutesData)
        sitting = Sitting.objects.select_related("matter__place").get(pk=act.row.brief[minutes.SITTING])
        if act.on_behalf_of is not None:
            raise Refused("not-yours", "会议记录要本人来改、本人来签。")
        if act.verb == minutes.CORRECT:
            return self._correct(scene, act, sitting)
        return self._sign(scene, act, sitting)

    def _correct(self, scene: Scene, act: Act, sitting: Sitting) -> Effect:
        """Words alone: no key leads to a seat, a hand or an outcome. Who signed before signs the new version again."""
        assert act.row is not None and isinstance(act.data, MinutesData)
        items = {minutes.section_of(one.n): one for one in sitting.items.select_related("step__matter")}
        known = {minutes.OPENING, minutes.MORE, *items}
        if unknown := [key for key in act.data.texts if key not in known]:
            raise Refused("bad-data", f"记录里没有“{unknown[0]}”这一段。席位、举手和结果不能改。", field="texts")
        if too_long := [key for key, words in act.data.texts.items() if len(words) > WORDS_AT_MOST]:
            raise Refused("bad-data", f"这一段太长了，最多 {WORDS_AT_MOST} 个字。", field=f"texts.{too_long[0]}")
        before = minutes.words_of(sitting)
        texts = {
            key: masked(words.replace("\r\n", "\n").strip(), scene.matter.charter_id)
            for key, words in act.data.texts.items()
        }
        changed = {key: words for key, words in texts.items() if words != (before.get(key) or "")}
        if not changed:
            raise Refused("bad-data", "没有改动。请先改一处再发。", field="texts")
        act.row.memory[minutes.VERSION] = version = self._version(act.row) + 1
        act.row.memory[minutes.SIGNATURES] = []
        seen = {key for key in changed if key not in items or minutes.seen_by_all(sitting, items[key])}
        parts = [
            Part(minutes.TEXTS, {key: words for key, words in changed.items() if key in seen}, COMMUNITY),
            Part(minutes.CLOSED_TEXTS, {key: words for key, words in changed.items() if key not in seen}, HOUSEHOLD),
        ]
        public = {minutes.VERSION: version, "changed": sorted(changed)}
        return Effect(public=public, parts=tuple(part for part in parts if part.body))

    def _sign(self, scene: Scene, act: Act, sitting: Sitting) -> Effect:
        assert act.row is not None and act.by is not None and isinstance(act.data, MinutesData)
        version = self._version(act.row)
        if act.data.version != version:
            raise Refused("meanwhile", f"记录刚改过，现在是第 {version} 版。请再看一遍再签。", field="version")
        given = [Signature(**one) for one in act.row.memory.get(minutes.SIGNATURES, ())]
        if any(one.who == str(act.by.pk) for one in given):
            raise Refused("too-often", "您已经签过了，还要等别人签。")
        params: MinutesParams = scene.step_of(act).parsed(self.spec)
        chairs, others = (
            not act.stands.keys.isdisjoint(scene.keys(names, scene.step_of(act), token_of(act.row)))
            for names in (scene.procedure.steps[params.of].by, params.signed_by)
        )
        if not chairs and not others:
            line = scene.line(scene.step_of(act), "signed_by")
            raise Refused("not-yours", "会议记录由主持会议的一方和章程写明的人来签。", line=line)
        given.append(Signature(str(act.by.pk), chairs, others))
        act.row.memory[minutes.SIGNATURES] = [one._asdict() for one in given]
        digest = minutes.digest_of(sitting, sitting.attendances.all(), sitting.items.all(), version - 1)
        whole = rules.signed(given, params.others)
        return Effect(SIGNED if whole else None, {minutes.VERSION: version, minutes.DIGEST: digest})

    def _version(self, row: StepRow) -> int:
        return int(row.memory.get(minutes.VERSION, 1))

    def detail(self, public: Mapping[str, Any]) -> str:
        if minutes.VERSION not in public:
            return ""
        return _now("（第 %(n)s 版）") % {"n": public[minutes.VERSION]}
