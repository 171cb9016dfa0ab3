"""The keys of this installation, and what is kept with them: telephone and ID numbers (class P3), chat addresses."""

import unicodedata
from uuid import UUID

from django.conf import settings

from weizhi.people.models import Body, Person
from weizhi.secrets.keyring import Keyring, open_keyring

PHONE, ID_NUMBER = "phone", "id_number"


def keyring() -> Keyring:
    """The installation's keys, from their file outside the database."""
    return open_keyring(settings.KEYS_FILE)


def put(person: Person, field: str, value: str) -> None:
    """Set a sensitive field of a person (not saved): encrypted, with its blind index for exact search."""
    plain = normal(value)
    setattr(person, f"{field}_cipher", sealed(person.pk, field, plain) if plain else None)
    setattr(person, f"{field}_blind", blind(field, plain) if plain else "")


def sealed(person_id: UUID, field: str, plain: str) -> bytes:
    """A sensitive value encrypted for the person of this id, who need not be in the database yet."""
    return keyring().encrypt(plain, f"people.Person:{person_id}:{field}")


def get(person: Person, field: str) -> str:
    """A sensitive field in clear, or "". The caller logs the reading with its reason."""
    sealed = getattr(person, f"{field}_cipher")
    return opened(person.pk, field, sealed) if sealed else ""


def opened(person_id: UUID, field: str, sealed: bytes) -> str:
    """A sensitive column of the person of this id in clear. The caller logs the reading with its reason."""
    return keyring().decrypt(bytes(sealed), f"people.Person:{person_id}:{field}")


def blind(field: str, value: str) -> str:
    """What to search for: the keyed hash under which the value is indexed."""
    return keyring().blind(normal(value), f"people.Person.{field}")


def identity(person: Person, field: str) -> str:
    return f"people.Person:{person.pk}:{field}"


def put_webhook(body: Body, address: str) -> None:
    """Set where a body's chat group takes notices (not saved)."""
    body.webhook_cipher = keyring().encrypt(address, _webhook_identity(body)) if address else None


def webhook_of(body: Body) -> str:
    return keyring().decrypt(bytes(body.webhook_cipher), _webhook_identity(body)) if body.webhook_cipher else ""


def _webhook_identity(body: Body) -> str:
    return f"people.Body:{body.pk}:webhook"


def normal(value: str) -> str:
    """One form of a number however it is typed: full-width digits, blanks and hyphens."""
    return "".join(c for c in unicodedata.normalize("NFKC", value).upper() if c not in " -\t")
