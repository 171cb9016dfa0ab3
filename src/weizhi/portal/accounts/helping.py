"""Help for people who cannot sign in, by whoever runs the server or keeps the register. Each is an entry of it."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from weizhi.people import vault
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.accounts.sessions import SessionStore
from weizhi.record import clock
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register


class HelpRefused(Exception):
    """Why nothing was done, and what to do."""


def person_named(login: str) -> Person:
    found = Person.objects.filter(login=login, erased_at__isnull=True).first()
    if found is None:
        raise HelpRefused(_("没有登录名叫“%(login)s”的人。请检查后再试。") % {"login": login})
    return found


def set_password(person: Person, password: str) -> None:
    """Give a password, by the same rules as on the page. Raises ValidationError."""
    validate_password(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        note_in_register(person, "set-password")


def set_number(person: Person, typed: str, *, by: Person | None = None) -> None:
    """Write the number to which codes go: encrypted, found by its blind index alone."""
    number = as_number(typed)
    if number is None:
        raise HelpRefused(_("这不像一个手机号。请填 11 位的手机号。"))
    with transaction.atomic():
        vault.put(person, vault.PHONE, number)
        person.save(update_fields=["phone_cipher", "phone_blind"])
        note_in_register(person, "set-number", by)


def lost_telephone(person: Person, *, by: Person) -> int:
    """No code goes to the lost telephone, and every open session ends; returns how many."""
    with transaction.atomic():
        vault.put(person, vault.PHONE, "")
        person.save(update_fields=["phone_cipher", "phone_blind"])
        note_in_register(person, "lost-telephone", by)
        return end_sessions(person)


def drop_second_factor(person: Person) -> int:
    """For a telephone that is lost: the second factor goes, and with it every open session. Returns how many ended."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        note_in_register(person, "drop-second-factor")
        return end_sessions(person)


def end_sessions(person: Person) -> int:
    """End all sessions of a person. Their content is encrypted, so each is opened to see whose it is."""
    own = str(person.pk)
    held = Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", "session_data")
    keys = [key for key, data in held.iterator() if SessionStore(key).decode(data).get("_auth_user_id") == own]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def note_in_register(person: Person, verb: str, by: Person | None = None) -> None:
    """Leave an entry in each community that the person belongs to; what was set is not in it."""
    belongs = Community.objects.filter(holding__person=person) | Community.objects.filter(residence__person=person)
    for community in belongs.distinct().order_by("pk"):
        part = Part("person", {"person": str(person.pk)}, grade=2)
        append(lock_register(community, "people"), verb, Deed(at=clock.now(), actor=by), [part])
