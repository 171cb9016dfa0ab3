"""Paper and voice: an officer acts for somebody who is present, and nobody else may speak for another (SYSTEMS G5).

What may be done is measured by the person acted for: an officer lends the hand, not the right. The person finds the
entry in the story and may dispute it.
"""

from dataclasses import replace
from typing import Final

from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Act
from weizhi.people.access import status_key

RESIDENT: Final = "resident"


def permit(act: Act, matter: Matter) -> None:
    """Refuse whoever is no officer of the matter's community, and acts for somebody who may not see the matter.

    Where the person is none of ours yet, the officer's word that he lives here counts, and the officer's own right.
    """
    if act.on_behalf_of is None and act.recorded is None:
        return
    if act.recorded:
        act.recorded.check()
    officer = next((post for post in act.who.posts if post.community_id == matter.community_id), None)
    if officer is None:
        raise Refused("not-yours", "只有本社区的工作人员可以代别人登记。")
    act.holding_id = officer.holding_id
    if act.on_behalf_of is None:
        here = {status_key(RESIDENT, path) for path in (matter.place.path, *matter.place.levels.values())}
        act.present = replace(act.who, keys=act.who.keys | here)
        return
    if not matter._state.adding and not Matter.objects.visible_to(act.stands).filter(pk=matter.pk).exists():
        raise Refused("not-yours", f"{act.on_behalf_of.name}和这件事没有关系，不能代为办理。")
