"""The rhythm of listening, branch by branch."""

from __future__ import annotations

from typing import Any

urlpatterns: list[Any] = []
