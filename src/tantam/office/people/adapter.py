"""How allauth behaves here: nobody signs himself up, and a deactivated person gets no further."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Accounts are made by an administrator (``tantam office staff``), never by a visitor."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
