"""Who may be signed in at all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class Backend(AuthenticationBackend):
    """Asked when somebody signs in and again at every request: an erased person's open session is over."""

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and user.erased_at is None)
