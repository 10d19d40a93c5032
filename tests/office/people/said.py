"""What every act's test asks of a refusal and of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tantam.errors import TantamError
from tantam.office.journal.models import Entry


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The act refuses with this code, in both languages, and the journal gets nothing."""
    before = Entry.objects.count()
    with pytest.raises(TantamError) as no:
        yield
    assert no.value.code == code and no.value.vi and no.value.do
    assert Entry.objects.count() == before


def last() -> Entry:
    """The newest entry."""
    return Entry.objects.latest("id")


NOT_ADMINS = ["stranger", "lam", "dung", "khoi", "hoa", "policy", "auditor", "privacy"]
