"""Room on the disk is asked for before the work, and told in plain figures where it lacks."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from tantam.base import room
from tantam.errors import Refused

_Usage = namedtuple("_Usage", "total used free")


def test_where_there_is_room_nothing_is_said(tmp_path: Path) -> None:
    room.need(tmp_path / "not" / "made yet", 1_000, "A small work")


def test_where_room_lacks_the_refusal_says_how_much_is_needed_and_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(0, 0, 2_990_000_000))
    room.need(tmp_path, 2_700_000_000, "The load")
    with pytest.raises(Refused) as refused:
        room.need(tmp_path, 12_010_000_000, "The load of 50,000,000 rows")
    assert refused.value.code == "disk_short"
    assert "needs 12.3 GB" in refused.value.what and "2.9 GB are" in refused.value.what
