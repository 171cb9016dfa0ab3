"""A community of homes with three people each, made at once, and their sessions: what votes and halls are tried on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

A_HOME, BATCH = 3, 2000
TOKEN = "a" * 32


@dataclass(frozen=True)
class Here:
    community: Any
    people: list[Any]
    director: Any
    home: Any  # the place that is the whole community


def peopled(people: int, charter: str) -> Here:
    """The community under this charter, its residents, and the committee's director."""
    from weizhi.charters.loading import parse_text
    from weizhi.people.models import Body, Person, Residence
    from weizhi.places.models import Place
    from weizhi.record.actions.add_places import NewPlace, add_places
    from weizhi.record.actions.adopt_charter import adopt_charter
    from weizhi.record.actions.appoint import appoint
    from weizhi.record.actions.found_community import found_community
    from weizhi.record.origin import made_as

    made_as("demo")
    since = datetime.now(UTC) - timedelta(days=30)
    here = found_community("bench", "试验社区", at=since)
    checked = parse_text(charter, "bench.toml")
    assert checked.charter is not None, checked.findings
    adopt_charter(here, checked.charter, at=since)
    home = Place.objects.get(community=here, code="bench")
    blocks = [NewPlace("building", f"b{n}", f"{n} 号楼") for n in range(people // 300 + 1)]
    homes = [NewPlace("household", f"h{n}", f"{n} 室", f"b{n // 100}") for n in range(people // A_HOME + 1)]
    places = add_places(here, [*blocks, *homes], at=since)
    made = [Person(login=f"p{n}", name=f"住户{n}", password="!") for n in range(people)]
    Person.objects.bulk_create(made, batch_size=BATCH)
    Residence.objects.bulk_create(
        (
            Residence(community=here, person=one, household=places[f"h{n // A_HOME}"], status="resident", since=since)
            for n, one in enumerate(made)
        ),
        batch_size=BATCH,
    )
    director = Person.objects.create(login="director", name="主任", password="!")
    body = Body.objects.create(community=here, key="committee", place=home, name="居委会")
    appoint(here, director, body, "committee-director", "主任", place=home, at=since)
    return Here(here, made, director, home)


def cookie_of(person: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"
