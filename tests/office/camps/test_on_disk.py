"""A camp's file is there whole or as it was, and for its owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tantam.office.camps.on_disk import private


def test_a_file_is_written_for_its_owner_alone_whatever_lay_there(tmp_path: Path) -> None:
    file, half = tmp_path / "key", tmp_path / ".key.part"
    for left in (file, half):
        left.write_bytes(b"what a start that was killed left")
        left.chmod(0o644)
    with private(file) as out:
        out.write(b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777, half.exists()) == (b"new", 0o600, False)


def test_what_fails_on_the_way_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"old")
    with pytest.raises(OSError, match="full"), private(file) as out:
        out.write(b"half")
        raise OSError("full")
    assert file.read_bytes() == b"old"
