"""A programme for tests."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.journal.models import Entry
from tantam.office.programmes import actions
from tantam.office.programmes.models import Programme


def begin(world: Any, who: str = "policy", **more: Any) -> Programme:
    """“Cà phê mỗi tháng” of 2026 at headquarters, unless told otherwise."""
    told = {
        "code": "ca-phe",
        "name": "Cà phê mỗi tháng",
        "purpose": "Nghe sáu khách lâu năm",
        "year": 2026,
        "owner": world.policy,
        "office": world.hq,
        "rhythm": "monthly_per_branch",
    }
    return actions.start(actor=getattr(world, who), at=world.at, **{**told, **more})


@contextmanager
def refused(code: str) -> Any:
    """The act refuses with this code, in both languages, and the journal gets nothing."""
    before = Entry.objects.count()
    with pytest.raises(TantamError) as no:
        yield
    assert no.value.code == code and no.value.vi and no.value.do
    assert Entry.objects.count() == before


def last() -> Entry:
    """The newest entry."""
    return Entry.objects.latest("id")
