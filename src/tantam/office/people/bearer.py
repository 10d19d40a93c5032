"""Who asks over the API: a machine by its token (``Authorization: Bearer …``), or somebody who has signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from tantam import clock
from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.people import machines

WRONG = "10/m/ip"
"""Wrong tokens from one address on the network, as for signing in; the right one is let in all the same."""


def doors(act: str = "") -> list[Callable[[HttpRequest], Any]]:
    """How an operation lets in: by a token or a session, and (with an act) only who may do that somewhere. It is asked
    before anything of the request is read."""
    return [Token(act), Session(act)]


class Token(HttpBearer):
    """A machine. A token that does not open is an end: no session is asked then."""

    def __init__(self, act: str = "") -> None:
        super().__init__()
        self.act = act

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Who it is. Refuses ``not_your_duty``, and ``too_many_tokens`` (wrong ones)."""
        staff = machines.whose(token, at=clock.now())
        if staff is None:
            if not consume(request, app="tantam", action="token", config={"token": WRONG}, limit_get=True):
                raise Refused(
                    "too_many_tokens",
                    "Too many wrong tokens came from this address.",
                    "Wait a minute.",
                    vi="Gửi mã sai quá nhiều lần. Chờ một phút rồi gửi lại.",
                )
            raise AuthenticationError
        request.user = staff
        if self.act:
            enter(staff, self.act)
        return staff


class Session(SessionAuth):
    """Somebody who has signed in in a browser."""

    def __init__(self, act: str = "") -> None:
        super().__init__()
        self.act = act

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Who it is. Refuses ``not_your_duty``."""
        user = super().authenticate(request, key)
        if user is not None and self.act:
            enter(user, self.act)
        return user
