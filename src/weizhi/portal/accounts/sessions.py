"""Sessions whose content is encrypted.

While somebody signs in by code, the session holds the telephone number and the code (class P3); while staff set up
their second factor, its secret. A copied database must open none of it.
"""

import base64
import json
import logging
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as PlainStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from weizhi.people.vault import keyring
from weizhi.places.prepared import Prepared
from weizhi.secrets.keyring import DecryptionError

log = logging.getLogger(__name__)


_living = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(PlainStore):
    def _get_session_from_db(self) -> Session | None:
        """As Django's, with the SQL made once: this is read at every request."""
        found = _living.first(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
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
