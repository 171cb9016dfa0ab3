"""Who may be signed in at all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from weizhi.people.models import Person
from weizhi.places.prepared import Prepared

_by_id = Prepared(lambda pk: Person.objects.filter(pk=pk))


class Backend(AuthenticationBackend):
    """Asked when somebody signs in and again at every request: an erased person's open session is over."""

    def get_user(self, user_id: Any) -> Person | None:
        found = _by_id.first(user_id)
        return found if found and self.user_can_authenticate(found) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and user.erased_at is None and not user.is_machine)
