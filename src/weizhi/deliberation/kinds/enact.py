"""enact: what was decided is in force from now on, as the next edition of its convention."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.charters.conventions import IN_FORCE, OVERTAKEN, EnactParams
from weizhi.charters.deliberating import DELIBERATING
from weizhi.deliberation.in_force import words_of
from weizhi.deliberation.kinds.draft import EDITION
from weizhi.deliberation.models import Edition
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import Effect, Left, StepKind, Wake, left_by
from weizhi.matters.scene import Scene
from weizhi.matters.sentences import Saying
from weizhi.methods.text.amending import amended
from weizhi.methods.text.articles import articles

AT_ONCE: Final = "at-once"
ENACTED: Final = "enacted"


class Enact(StepKind):
    """Nobody does it: it follows from the decision. What another matter changed meanwhile is not written over."""

    spec = DELIBERATING["enact"]
    says = {
        ENACTED: Saying(gettext_lazy("公约从今天起施行：{detail}")),
        OVERTAKEN: Saying(gettext_lazy("公约没有照这一稿施行：起草以后，施行的公约已经变了")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        yield Wake(row.opened_at, AT_ONCE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != AT_ONCE:
            return None
        params: EnactParams = scene.procedure.steps[row.key].parsed(self.spec)
        left = left_by(scene, params.about)
        rows = Edition.objects.of(scene.matter.community_id, params.convention)
        now = rows.in_force().select_for_update().first()
        if left is None or not self._fits(scene, params, now):
            return Effect(OVERTAKEN, {"verb": OVERTAKEN})
        return Effect(IN_FORCE, {"verb": ENACTED, **self._enact(scene, params, left, now)})

    def _fits(self, scene: Scene, params: EnactParams, now: Edition | None) -> bool:
        """Whether it was written on what is in force, in a matter by which that may come, or change."""
        convention = scene.charter.conventions[params.convention]
        written = [row for row in scene.rows.values() if row.key == params.about]
        base = max(written, key=lambda row: row.round).brief.get(EDITION, 0) if written else 0
        kind = convention.amends if now else convention.adopted_by
        return scene.matter.kind == kind and base == (now.n if now else 0)

    def _enact(self, scene: Scene, params: EnactParams, left: Left, now: Edition | None) -> dict[str, Any]:
        found = articles(left.words)
        changed = asdict(amended(articles(words_of(now)) if now else (), found))
        if now is not None:
            now.until = scene.now
            now.save(update_fields=["until"])
        made = Edition.objects.create(
            community_id=scene.matter.community_id, convention=params.convention,
            title=scene.charter.conventions[params.convention].title, n=now.n + 1 if now else 1, matter=scene.matter,
            step=params.about, version=left.version, since=scene.now, changed=changed,
        )  # fmt: skip
        return {"title": made.title, "edition": made.n, "articles": len(found), **changed}

    def detail(self, public: Mapping[str, Any]) -> str:
        return changes_in_words(public)


def changes_in_words(public: Mapping[str, Any]) -> str:
    """《文明公约》第 2 版，共 9 条，改了第三条，加了第九条."""
    if "edition" not in public:
        return ""
    told = _("《%(title)s》第 %(n)s 版，共 %(articles)s 条") % {
        "title": public["title"], "n": public["edition"], "articles": public["articles"],
    }  # fmt: skip
    return _("，").join([told, *([] if int(public["edition"]) == 1 else amendments(public))])


def amendments(changed: Mapping[str, Any]) -> list[str]:
    """What an edition changes of the one before, each way in a few words."""
    ways = {"changed": _("改了%(names)s"), "new": _("加了%(names)s"), "gone": _("去掉了%(names)s")}
    return [words % {"names": _("、").join(changed[key])} for key, words in ways.items() if changed.get(key)]
