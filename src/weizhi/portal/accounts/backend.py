"""Who may be signed in at all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from weizhi.people.access import person_with_standing
from weizhi.people.models import Person
from weizhi.record import clock


class Backend(AuthenticationBackend):
    """Asked when somebody signs in and again at every request: an erased person's open session is over."""

    def get_user(self, user_id: Any) -> Person | None:
        """With what the person is now: every page asks for both, so the database is asked for both at once."""
        known = person_with_standing(user_id, clock.now())
        if known is None or not self.user_can_authenticate(known[0]):
            return None
        person, stands = known
        person._weizhi_standing = stands  # type: ignore[attr-defined]  # read by visitor.standing_of alone
        return person

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and user.erased_at is None and not user.is_machine)
