"""A bound link whose centre the test plays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.office.channels.smpp.a_link import Joined, join


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch) -> Iterator[Joined]:
    """``joined(place, monotonic=…)``: a link that is bound, and its centre."""
    yield partial(join, monkeypatch)
