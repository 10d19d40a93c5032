"""Copies on a stick: verified, the last few kept; a pulled stick stops nothing and is noticed again by itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam.office.camps import container, ledger
from tantam.office.camps.facts import digest
from tantam.office.camps.kit import backup, holding, viewing

pytestmark = pytest.mark.django_db(databases=["default", "health"])
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def usb(kit: Any, tmp_path: Path) -> Path:
    stick = tmp_path / "usb"
    stick.mkdir()
    kit.held = replace(kit.held, usb=stick)
    holding.hold(kit.held)
    return stick


def test_a_copy_holds_all_and_is_sealed(kit: Any, usb: Path) -> None:
    state = backup.copy_once(kit.camp, kit.held, AT)
    [file] = usb.iterdir()
    assert (state.well, state.verified_at) == (True, AT)
    assert (state.facts, state.digest) == ledger.digest(kit.camp)
    assert digest(container.read(file, lambda _: kit.day.key).facts) == state.digest
    assert not [one for one in ledger.day_of(kit.camp).came if one.person.name.encode() in file.read_bytes()]


def test_the_last_ones_are_kept(kit: Any, usb: Path) -> None:
    (usb / "ảnh của đoàn.jpg").write_bytes(b"x")
    for n in range(backup.KEPT + 3):
        backup.copy_once(kit.camp, kit.held, AT + timedelta(minutes=n))
    copies = sorted(usb.glob("*.camp"))
    assert len(copies) == backup.KEPT and "030300" in copies[0].name
    assert (usb / "ảnh của đoàn.jpg").exists()


def test_a_pulled_stick_is_said_and_taken_up_again(kit: Any, usb: Path) -> None:
    backup.copy_once(kit.camp, kit.held, AT)
    shutil.rmtree(usb)
    assert backup.copy_once(kit.camp, kit.held, AT + timedelta(minutes=3)).well is False
    shown = viewing.kit(ledger.day_of(kit.camp))
    assert (shown["backup_ok"], shown["backup_at"]) == (False, "2026-11-21T03:00:00.000Z")
    assert kit.signed_in("k1-triage-1").get("/view/triage/").status_code == 200
    usb.mkdir()
    assert backup.copy_once(kit.camp, kit.held, AT + timedelta(minutes=6)).well is True
    assert viewing.kit(ledger.day_of(kit.camp))["backup_at"] == "2026-11-21T03:06:00.000Z"


def test_the_empty_folder_of_a_pulled_stick_is_no_stick(
    kit: Any, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = {usb: 2, kit.held.folder: 1}
    monkeypatch.setattr(backup, "_disk_of", disks.__getitem__)
    assert backup.copy_once(kit.camp, kit.held, AT).well is True
    disks[usb] = 1
    assert backup.copy_once(kit.camp, kit.held, AT).well is False
    disks[usb] = 3  # another stick
    assert backup.copy_once(kit.camp, kit.held, AT).well is True


def test_a_copy_that_reads_otherwise_does_not_count(
    kit: Any, usb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = container.write

    def torn(path: Path, *args: Any, **more: Any) -> int:
        size = write(path, *args, **more)
        path.write_bytes(path.read_bytes()[:-9])
        return size

    monkeypatch.setattr(container, "write", torn)
    assert backup.copy_once(kit.camp, kit.held, AT).well is False
    assert backup.state().verified_at is None


def test_without_a_stick_nothing_is_promised(kit: Any) -> None:
    assert viewing.kit(ledger.day_of(kit.camp))["backup_wanted"] is False
