"""distance: before something moves, each home's way is measured; those that would walk too far are asked one by one."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.distance import AGREED, NEAR, NOT_AGREED, DistanceParams
from weizhi.charters.steps import Step
from weizhi.charters.words import parse_fraction
from weizhi.deliberation.models import Walker, Walking
from weizhi.deliberation.walking import Origin, measured
from weizhi.matters import moving
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.recording import note
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import go_on
from weizhi.people.access import person_key
from weizhi.people.models import Residence
from weizhi.places.writing import insert
from weizhi.record.actions.append import HOUSEHOLD, Part

INTERESTED = "interested"
MEASURED, OVER = "measured", "over"
TABLE = "ways"


class DistanceData(ActData):
    """Yes or no, for one's own home; or for another's, by whoever asked there."""

    answer: Literal["yes", "no"] | None = None
    home: UUID | None = None
    channel: Literal["visit", "call", "paper"] = "visit"


class Distance(StepKind):
    spec = DELIBERATING["distance"]
    Data = DistanceData
    says = {
        "distance": Saying(_("{who}回答了走远路同意不同意{detail}"), desk=_("{who}记下一户的回答{detail}")),
        MEASURED: Saying(_("每一户走多远量好了：{detail}")),
        "lapse": Saying(_("问完了：{outcome}{detail}")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return ()  # what the homes say decides

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Measure and freeze; ask those that would walk too far. Where there are none, it goes on at once."""
        params = self._params(scene, row)
        origins, unmeasured = measured(scene, row, params)
        far = [origin for origin in origins if origin.too_far(params.limit)]
        homes = [(home, origin) for origin in far for home in origin.homes]
        walking = Walking(
            community_id=row.community_id, matter=scene.matter, step=row, limit=params.limit,
            table=[origin.as_row() for origin in origins], unmeasured=unmeasured,
            asked=len(homes),
        )  # fmt: skip
        insert([walking])
        insert([
            Walker(walking=walking, home_id=home, before=origin.before, after=origin.after) for home, origin in homes
        ])  # fmt: skip
        public = {
            "homes": sum(len(origin.homes) for origin in origins), "asked": len(homes), "limit": params.limit,
            "unmeasured": unmeasured,
        }  # fmt: skip
        if not far:
            go_on(scene, row, NEAR, MEASURED, public)
            return
        self._ask(scene, row, far, public, walking)

    def _ask(self, scene: Scene, row: StepRow, far: list[Origin], public: dict[str, Any], walking: Walking) -> None:
        """Everybody who lives in one of these homes has to do with it and finds it on his list."""
        homes = [home for origin in far for home in origin.homes]
        living = Residence.objects.open_at(scene.now).filter(community=row.community_id, household__in=homes)
        keys = sorted({person_key(pk) for pk in living.values_list("person", flat=True)})
        for key in keys:
            moving.add_relation(scene, INTERESTED, key)
        waiting = {party.who for party in scene.parties if party.step_id == row.pk}
        fresh = [moving.party(scene.matter, key, Party.WAITS, row) for key in keys if key not in waiting]
        scene.parties += insert([*moving.new_parties(scene), *fresh])
        # Whom the step waits for is told with the entry that opened it.
        note(scene, MEASURED, public, step=row.key, round=row.round, parts=[Part(TABLE, walking.table)])

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, DistanceData)
        walking = Walking.objects.select_for_update().get(step=act.row)
        if act.data.answer is None:
            raise Refused("bad-data", "请选同意还是不同意。", field="answer")
        walker = self._home(scene, act, walking, act.data)
        walker.said, walker.by, walker.at = act.data.answer, act.by, act.at
        walker.save(update_fields=["said", "by", "at", "channel"])
        said = Part("answer", {"home": str(walker.home_id), "said": walker.said, "channel": walker.channel}, HOUSEHOLD)
        counted = _counted(walking)
        walking.yes, walking.no = counted["yes"], counted["no"]
        walking.save(update_fields=["yes", "no"])
        outcome = None
        if counted["answered"] == counted["asked"]:
            outcome = self._outcome(scene, act.row, counted)
        # While it runs the record tells everybody how many have answered, not what.
        shown = counted if outcome else {"asked": counted["asked"], "answered": counted["answered"]}
        return Effect(outcome, public=shown, parts=(said,))

    def _home(self, scene: Scene, act: Act, walking: Walking, data: DistanceData) -> Walker:
        """For which home: one's own, or the one that whoever runs the step has asked at the door."""
        mine = list(self._own(act, walking))
        if data.home is None or any(walker.home_id == data.home for walker in mine):
            found = [walker for walker in mine if data.home in (None, walker.home_id)]
            if not found:
                raise Refused("not-yours", "这次没有问到您家：您走的路不比原来远，或者没有超过章程的米数。")
            if len(found) > 1:
                raise Refused("bad-data", "您有不止一处住房被问到，请选一下替哪一处答。", field="home")
            found[0].channel = Walker.Channel.SELF
            return found[0]
        step = scene.step_of(act)
        offices = tuple(name for name in step.by if name != INTERESTED)
        keys = scene.keys(offices, step, token_of(act.row)) if offices and act.row else []
        if act.who.keys.isdisjoint(keys):
            raise Refused("not-yours", "只能替自己家回答。", field="home")
        walker = walking.walkers.filter(home=data.home).first()
        if walker is None:
            raise Refused("bad-data", "这一户没有被问到，不用回答。", field="home")
        if walker.channel == Walker.Channel.SELF:
            raise Refused("too-often", "这一户自己已经答过了，以他们自己答的为准。", field="home")
        walker.channel = data.channel
        return walker

    def _own(self, act: Act, walking: Walking) -> Iterator[Walker]:
        assert act.whose is not None
        homes = Residence.objects.open_at(act.at).filter(person=act.whose, community=walking.community_id)
        yield from walking.walkers.filter(home__in=homes.values("household"))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None:
            yield Wake(row.due, OVER)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """Its days are over: whoever has not answered has not agreed."""
        if wake.rung != OVER:
            return None
        counted = _counted(Walking.objects.get(step=row))
        return Effect(self._outcome(scene, row, counted), public=counted)

    def _outcome(self, scene: Scene, row: StepRow, counted: Mapping[str, int]) -> str:
        need = self._params(scene, row).need
        upper, lower = parse_fraction(need) if need else (1, 1)
        return AGREED if counted["yes"] * lower >= upper * counted["asked"] else NOT_AGREED

    def detail(self, public: Mapping[str, Any]) -> str:
        if "homes" in public:
            unknown = gettext("，%(unmeasured)s 户没有标在地图上，量不了") % public if public["unmeasured"] else ""
            if not public["asked"]:
                return gettext("%(homes)s 户里没有一户要多走到 %(limit)s 米以外") % public + unknown
            return gettext("%(homes)s 户里有 %(asked)s 户要多走到 %(limit)s 米以外，一户一户问") % public + unknown
        if "yes" in public:
            return gettext("，问了 %(asked)s 户，%(yes)s 户同意，%(no)s 户不同意，没有回答的按不同意算") % public
        return gettext("，问了 %(asked)s 户，答了 %(answered)s 户") % public if "answered" in public else ""

    def _params(self, scene: Scene, row: StepRow) -> DistanceParams:
        found: DistanceParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found


def _counted(walking: Walking) -> dict[str, int]:
    said = list(walking.walkers.values_list("said", flat=True))
    yes, no = said.count(Walker.Said.YES), said.count(Walker.Said.NO)
    return {"asked": len(said), "answered": yes + no, "yes": yes, "no": no}
