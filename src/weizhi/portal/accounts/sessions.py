"""Sessions whose content is encrypted.

While somebody signs in by code, the session holds the telephone number and the code (class P3); while staff set up
their second factor, its secret. A copied database must open none of it.
"""

import base64
import json
import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as PlainStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from weizhi.people.vault import keyring
from weizhi.places.prepared import Prepared
from weizhi.record import clock
from weizhi.secrets.keyring import DecryptionError

log = logging.getLogger(__name__)


def _living(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_open: Prepared[Session] = Prepared(_living, by_key=True)
_open_in_a_demo: Prepared[Session] = Prepared(lambda key, now: clock.beside(_living(key, now)), by_key=True)


class SessionStore(PlainStore):
    def _get_session_from_db(self) -> Session | None:
        """As Django's, with the SQL made once: this is read at every request, in a demo with the demo's clock."""
        asked = _open_in_a_demo if settings.DEMO else _open
        found = asked.first(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        clock.heard(found)
        return found

    def encode(self, session_dict: dict[str, Any]) -> str:
        return base64.b64encode(keyring().encrypt(json.dumps(session_dict), self._identity)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What the session holds; nothing where it was altered or belongs to another session."""
        try:
            held = json.loads(keyring().decrypt(base64.b64decode(session_data, validate=True), self._identity))
        except (DecryptionError, ValueError):
            log.warning("A session could not be opened and is treated as empty")
            return {}
        return dict(held)

    @property
    def _identity(self) -> str:
        return f"sessions.Session:{self.session_key}"
