"""Signing in, as a browser does it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

PASSWORD = "con đường nhỏ ra biển"
LOGIN = "/accounts/login/"


def with_password(staff: Any) -> Any:
    """The same person, with a password."""
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def sign_in(username: str, password: str = PASSWORD, browser: Client | None = None, **more: Any) -> Any:
    """The answer to the sign-in form."""
    return (browser or Client()).post(LOGIN, {"login": username, "password": password}, **more)


def second_step(staff: Any) -> str:
    """Set the app's codes up; gives its secret."""
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    return secret


def code_now(secret: str) -> str:
    """What the app shows."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def recovery_codes(staff: Any) -> list[str]:
    """The codes on paper."""
    return RecoveryCodes.activate(staff).get_unused_codes()
