"""A meeting that is called tells the people of each matter that is on there, in the matter's own story and time."""

from collections.abc import Iterator
from typing import Final

from weizhi.deliberation.models import Sitting
from weizhi.matters import moving
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import Effect, Wake
from weizhi.matters.scene import Scene, token_of
from weizhi.record.actions.append import Part

INVITED: Final = "invited"


def calls(row: StepRow) -> Iterator[Wake]:
    """When a meeting is called at which the matter of this step is on."""
    for sitting in Sitting.objects.serving(row).coming().filter(called_at__isnull=False, opened_at__isnull=True):
        assert sitting.called_at is not None
        yield Wake(max(sitting.called_at, row.opened_at), f"{INVITED}.{sitting.pk}")


def called(scene: Scene, row: StepRow, wake: Wake, names: tuple[str, ...]) -> Effect | None:
    """Tell `names` when and where. None where the meeting was held, or called off, before its turn came."""
    rung, _dot, pk = wake.rung.partition(".")
    if rung != INVITED:
        return None
    sitting = Sitting.objects.coming().filter(pk=pk, opened_at__isnull=True).select_related("matter").first()
    if sitting is None:
        return None
    return Effect(
        public={
            "verb": INVITED, "sitting": sitting.matter.number,
            "starts": sitting.starts_at.isoformat(), "where": sitting.where,
        },
        # Told, and not made a party: who may see it stays as it was.
        parts=(Part(moving.TELL, scene.keys(names, scene.procedure.steps[row.key], token_of(row))),),
    )  # fmt: skip
