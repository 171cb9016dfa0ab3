"""Rotate the keys of sensitive data: new ones for what is written from now on, and everything written anew.

May be stopped and run again: what already stands under the newest key is left alone.
"""

from django.conf import settings
from django.db import transaction

from weizhi.people.models import Body, Person
from weizhi.people.vault import ID_NUMBER, PHONE, identity, keyring, put_webhook, webhook_of
from weizhi.record.models import Payload


def rotate_keys() -> int:
    """Add a new field key and signing key to the key file and re-encrypt; return how many values were rewritten."""
    keyring().rotated().save(settings.KEYS_FILE)
    return reencrypt()


def reencrypt() -> int:
    """Bring every sensitive value under the newest key."""
    return sum(_person(person) for person in _people()) + _webhooks() + sum(_payload(row) for row in _payloads())


def _people() -> list[Person]:
    held = Person.objects.exclude(phone_cipher=None, id_number_cipher=None)
    return list(held.only("pk", "phone_cipher", "id_number_cipher"))


def _person(person: Person) -> int:
    rewritten = 0
    for field in (PHONE, ID_NUMBER):
        column = f"{field}_cipher"
        old = getattr(person, column)
        new = keyring().reencrypt(bytes(old), identity(person, field)) if old else None
        if new is not None:
            # Only if it is still the value that was read: the person may be changing it at this moment.
            rewritten += Person.objects.filter(pk=person.pk, **{column: old}).update(**{column: new})
    return rewritten


def _webhooks() -> int:
    bodies = list(Body.objects.exclude(webhook_cipher=None))
    for body in bodies:
        put_webhook(body, webhook_of(body))
        body.save(update_fields=["webhook_cipher"])
    return len(bodies)


def _payloads() -> list[Payload]:
    return list(Payload.objects.exclude(cipher=None))


def _payload(row: Payload) -> int:
    """A payload is never updated: the row goes and comes again with the same salt, so its leaf stays true."""
    new = keyring().reencrypt(bytes(row.cipher or b""), row.identity)
    if new is None:
        return 0
    with transaction.atomic():
        gone, _ = Payload.objects.filter(pk=row.pk).delete()
        if gone:
            row.cipher = new
            row.save(force_insert=True)
    return gone
