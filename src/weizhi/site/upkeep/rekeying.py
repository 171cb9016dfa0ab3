"""Sensitive values that come from another installation: opened with its keys, sealed with ours."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db.models import Q

from weizhi.decisions.checking import seal_of
from weizhi.decisions.models import Receipt, Vote
from weizhi.decisions.receipts import is_ours, signed
from weizhi.deliberation.collecting import answers_identity, remark_identity
from weizhi.deliberation.models import Hall, Remark, Survey
from weizhi.people.models import Body, Person
from weizhi.people.vault import ID_NUMBER, PHONE
from weizhi.places.models import Community
from weizhi.portal.accounts.adapter import SECRETS
from weizhi.record.models import Payload, Root
from weizhi.secrets.keyring import DecryptionError, Keyring
from weizhi.site.upkeep.rows import Model

Values = dict[str, Any]


class Rekeying:
    """Brings rows under our keys; where both installations have the same keys it leaves them as they are."""

    def __init__(self, theirs: Keyring, ours: Keyring) -> None:
        self.theirs = theirs
        self.ours, self.signers = ours.with_signers_of(theirs)
        self.same = theirs.fingerprint() == ours.fingerprint()
        self._of: dict[Model, Callable[[Values], None]] = {
            Person: self._person,
            Body: self._body,
            Payload: self._payload,
            Survey: self._survey,
            Remark: self._remark,
            Receipt: self._receipt,
        }

    def __call__(self, model: Model, row: Values) -> None:
        if model is Root:
            row["key_id"] = self.signers.get(row["key_id"], row["key_id"])
        elif self.same:
            return
        elif model in self._of:
            self._of[model](row)
        elif model._meta.label == "mfa.Authenticator":
            self._authenticator(row)

    def _person(self, row: Values) -> None:
        for field in (PHONE, ID_NUMBER):
            identity = f"people.Person:{row['id']}:{field}"
            if sealed := row[f"{field}_cipher"]:
                plain = self.theirs.decrypt(sealed, identity)
                row[f"{field}_cipher"] = self.ours.encrypt(plain, identity)
                row[f"{field}_blind"] = self.ours.blind(plain, f"people.Person.{field}")

    def _body(self, row: Values) -> None:
        row["webhook_cipher"] = self._again(row["webhook_cipher"], f"people.Body:{row['id']}:webhook")

    def _payload(self, row: Values) -> None:
        row["cipher"] = self._again(row["cipher"], f"record.Payload:{row['id']}")

    def _survey(self, row: Values) -> None:
        row["answers"] = self._again(row["answers"], answers_identity(row["id"]))

    def _remark(self, row: Values) -> None:
        row["sealed"] = self._again(row["sealed"], remark_identity(row["survey_id"], row["question"]))

    def _receipt(self, row: Values) -> None:
        """Ours takes the place of their mark, and of nothing else: a receipt that they never gave out gets none."""
        if is_ours(row["hash"], row["signature"], self.theirs):
            row["signature"] = signed(row["hash"], self.ours)

    def settle(self, community: Community) -> list[str]:
        """Seal the counted votes that arrived anew; what is open and cannot be taken under other keys, in words.

        Who votes, speaks in a hall or answers a survey is known by keyed hashes that also stand on printed paper: made
        anew, an envelope would not open and a person would count twice."""
        if self.same:
            return []
        for vote in Vote.objects.filter(community=community, counted_at__isnull=False).select_related("roll"):
            if vote.seal == seal_of(vote, self.theirs):
                Vote.objects.filter(pk=vote.pk).update(seal=seal_of(vote, self.ours))
        here = Q(community=community, step__closed_at__isnull=True)
        running = {
            "次表决": Vote.objects.filter(here, counted_at__isnull=True),
            "个线上议事厅": Hall.objects.filter(here, final_at__isnull=True),
            "份问卷": Survey.objects.filter(here, closed_at__isnull=True),
        }
        return [f"{many} {what}" for what, rows in running.items() if (many := rows.count())]

    def _again(self, sealed: bytes | None, identity: str) -> bytes | None:
        return self.ours.encrypt(self.theirs.decrypt(sealed, identity), identity) if sealed else sealed

    def _authenticator(self, row: Values) -> None:
        """The second factor's secrets, wherever in its data they stand."""
        data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
        row["data"] = {name: self._secret(value) for name, value in data.items()}

    def _secret(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._secret(one) for one in value]
        if isinstance(value, str):
            with suppress(ValueError, DecryptionError):
                again = self._again(b64decode(value, validate=True), SECRETS)
                return b64encode(again or b"").decode()
        return value
