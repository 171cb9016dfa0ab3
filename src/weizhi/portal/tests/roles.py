"""The eleven roles of the permission table, on one stage, each with a browser that is signed in."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.utils import timezone
from PIL import Image

from weizhi.census.models import Import
from weizhi.census.sealed import keep_findings
from weizhi.charters.loading import load
from weizhi.matters.tests import conftest
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Person
from weizhi.places.models import Place
from weizhi.portal.tests.conftest import give_second_factor
from weizhi.portal.tests.lift import lift
from weizhi.portal.tests.naming import Naming, naming
from weizhi.portal.uploads import keep_for_next_try
from weizhi.record import clock
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Origin, Payload, Progress
from weizhi.record.photos import take

STAFF: Final = ("zhou", "wang", "chen", "street")  # signed in with their second factor
ROLES: Final = {
    "anonymous": "not signed in",
    "lin": "the resident who raised the matter",
    "zhou": "the grid officer for whom it waits",
    "wang": "the committee's director",
    "chen": "the property manager of the estate",
    "zhao": "a neighbour, who has nothing to do with it",
    "guo": "a resident of another community",
    "street": "an officer of the street above",
    "erased": "a resident whose data were erased while a session was open",
    "bare": "a grid officer without a second factor",
    "demo": "a visitor of a demo, who chose to be the grid officer",
}


@dataclass(frozen=True)
class World:
    """What the addresses name: lin's report, its photo, a photo that lin has yet to send, a file that wang brought;
    a vote in which lin has a ballot and wang takes in paper; an election before its ballot."""

    stage: Stage
    matter: UUID
    photo: UUID
    draft: str
    brought: UUID
    vote: UUID
    naming: Naming

    def browser(self, role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        login = "zhou" if role == "demo" else role
        person = self.stage.people[login]
        client.force_login(person)
        if role in STAFF:
            session = client.session
            session[WHOSE] = str(person.pk)
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
            session.save()
        if role == "erased":
            Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())
        return client


def world(stage: Stage, role: str, settings: Any) -> World:
    _enlarge(stage)
    file = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(file, "JPEG")
    taken = take(file.getvalue())
    done = stage.report(evidence=[taken])
    up, names = lift(stage), naming(stage)
    adopt_charter(stage.community, load(Path(conftest.__file__).with_name("stage.toml")), at=clock.now())
    photo = Payload.objects.get(entry=done.entry_id, part__startswith="file:")
    draft = keep_for_next_try([taken], str(stage.people["lin"].pk))[0].key
    settings.DEMO = role == "demo"
    Origin.objects.update(made_as=Origin.MadeAs.DEMO if role == "demo" else Origin.MadeAs.LIVE)
    brought = Import.objects.create(
        community=stage.community, by=stage.people["wang"], at=timezone.now(), files=["名册.xlsx"], state="faulty"
    )
    keep_findings(brought.pk, [])
    return World(stage, done.matter_id, photo.pk, draft, brought.pk, up.vote.pk, names)


def _enlarge(stage: Stage) -> None:
    """Add to the cast: an officer of the street above, a second grid officer, somebody who will be erased."""
    street = found_community("xinghe", "星河街道", level="street", at=stage.now)
    adopt_charter(street, load("base"), at=stage.now)
    stage.community.parent = street
    stage.community.save()
    for login in ("street", "bare", "erased"):
        stage.people[login] = Person.objects.create_user(login, login)
    office = Body.objects.create(community=street, key="street", name="街道", place=Place.objects.get(path="xinghe"))
    appoint(street, stage.people["street"], office, "street-officer", "街道办事员", at=stage.now)
    station = Body.objects.get(community=stage.community, key="station")
    appoint(
        stage.community, stage.people["bare"], station, "grid-officer", "网格员", place=stage.places["g1"], at=stage.now
    )
    enrol(stage.community, stage.people["erased"], stage.places["3-1-101"], ["resident"], at=stage.now)
    for login in STAFF:
        give_second_factor(stage.people[login])
    Progress.objects.create(job="woken", at=timezone.now())  # /healthz: timers run


def bodies(world: World) -> Mapping[str, dict[str, str]]:
    """What is sent to addresses that read more than who sends it: an act that is right for whoever may do it."""
    place = str(world.stage.places["3-2-301"].pk)
    raised = {"community": "xfl", "kind": "report", "place": place, "key": "table"}
    act = {"verb": "sort", "step": "sort", "outcome": "ours", "key": "table"}
    return {
        "portal:act": act,
        "portal:report": {"kind": "report", "words": "灯坏了", "place": place, "key": "table", "anyway": "yes"},
        "portal:record-for": {"channel": "door", "words": "灯坏了", "place": place, "key": "table"},
        "portal:look": {"size": "large"},
        "portal:enter": {"login": "lin"},
        "portal:time-on": {"by": "hour"},
        "account_login": {"login": "lin", "password": "不是这个密码"},
        "account_request_login_code": {"phone": "13900009999"},
        "mfa_activate_totp": {"code": "000000"},
        "api-1:act_on_one": act,
        "api-1:raise_one": {**raised, "data": '{"words": "灯坏了"}'},
    }
