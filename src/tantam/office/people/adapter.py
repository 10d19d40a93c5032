"""How the sign-in library behaves here: nobody signs himself up, and setting up the second step asks once."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse

from tantam.office.people.models import Staff


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is not typed
    """Accounts are made by an administrator (``tantam office staff``), never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: Staff, **more: Any) -> HttpResponse:
        """Go on; whoever is to set up the second step now is not asked again for what was typed this minute."""
        fresh_password(request, user)
        return super().post_login(request, user, **more)


def fresh_password(request: HttpRequest, user: Staff) -> None:
    """The password was given just now; with a second step already there, changing it asks anew all the same."""
    if not is_mfa_enabled(user):
        record_authentication(request, user, method="password", reauthenticated=True)
