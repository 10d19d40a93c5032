"""A camp is packed at headquarters and opened by its words alone; devices are let in on the laptop."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.camps import container, keys, ledger, locks, made_up, packing
from tantam.office.camps.kit import wording
from tantam.office.camps.models import Camp
from tests.office.camps.kit import serving

pytestmark = pytest.mark.django_db(databases=["default", "health"])
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def camp(camps_home: Path) -> Camp:
    """A made-up camp at headquarters, open, with a key of its own there."""
    day = made_up.play(1, 1, people=10)
    said = {"name": "Trại", "place": "Xã", "place_code": "0", "province": "02", "on": made_up.ON}
    camp = Camp.objects.create(id=day.camp, general=True, made_up=True, state="open", made_at=AT, **said)
    keys.make(camps_home, camp.id)
    ledger.append(camp, day.plan)
    return camp


def packed(camp: Camp, home: Path, out: Path, **more: Any) -> packing.Packed:
    given: dict[str, Any] = {"kit": 1, "address": None, "out": out, "home": home, "at": AT, **more}
    return packing.pack(camp, given.pop("kit"), **given)


def test_the_pack_opens_with_its_words_alone(camp: Camp, camps_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "kit1.camp"
    done = packed(camp, camps_home, out)
    assert done.facts == ledger.digest(camp)[0] and out.stat().st_mode & 0o077 == 0
    opened = container.read(out, lambda h: locks.unwrap_under(done.words, h.under_words, about=h.about))
    assert len(opened.facts) == done.facts
    assert set(opened.secrets) == {"addresses", "authority", "server", "server_key"}
    with pytest.raises(TantamError) as no:
        wrong = wording.words(bytes)
        container.read(out, lambda h: locks.unwrap_under(wrong, h.under_words, about=h.about))
    assert no.value.code == "camp_key_wrong"
    inside = out.read_bytes()
    names = [one.name for one in ledger.day_of(camp).plan.expected.values()]
    assert names and not [name for name in names if name.encode() in inside] and b"PRIVATE" not in inside


def test_each_pack_has_words_of_its_own(camp: Camp, camps_home: Path, tmp_path: Path) -> None:
    said = {packed(camp, camps_home, tmp_path / f"{n}.camp").words for n in range(3)}
    assert len(said) == 3


def test_what_is_not_packed(camp: Camp, camps_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "kit.camp"
    for more, code in (({"kit": 9}, "no_such_kit"), ({"address": "8.8.8.8"}, "bad_address")):
        with pytest.raises(TantamError) as no:
            packed(camp, camps_home, out, **more)
        assert no.value.code == code
    for state in ("planned", "closed"):
        camp.state = state
        with pytest.raises(TantamError) as no:
            packed(camp, camps_home, out)
        assert no.value.code == "camp_not_open"
    camp.state = "open"
    keys.destroy(camps_home, camp.id)
    with pytest.raises(TantamError) as no:
        packed(camp, camps_home, out)
    assert no.value.code == "camp_key_gone" and not out.exists()


def test_opening_words_hold_sixty_bits_and_are_plain() -> None:
    assert len(wording.LIST) == len(set(wording.LIST)) == 256
    assert wording.COUNT * math.log2(len(wording.LIST)) >= wording.LEAST_BITS
    assert all(re.fullmatch("[a-z]{2,6}", word) for word in wording.LIST)
    assert wording.words(lambda n: bytes(range(n))).split() == list(wording.LIST[: wording.COUNT])


def command(kit: serving.Kit, *words: str) -> subprocess.CompletedProcess[str]:
    said = [sys.executable, "-m", "tantam.cli", "camp", *words, "--words-file", "-"]
    return subprocess.run(said, input=serving.WORDS, capture_output=True, text=True, timeout=60, check=False)


def test_the_terminal_lets_a_device_in_and_writes_what_goes_home(tmp_path: Path) -> None:
    day = made_up.play(1, 1, people=10)
    kit = serving.start(serving.packed(tmp_path, day))
    serving.stop(kit)
    let_in = command(kit, "device", str(kit.folder), "--name", "Máy bác sĩ 9", "--wait", "0")
    assert let_in.returncode == 2 and "device_not_ready" in let_in.stderr
    assert (
        "https://10.77.0.1:8443/enter/" in let_in.stdout and "http://10.77.0.1:8080/ca.crt" in let_in.stdout
    )
    out = tmp_path / "home.camp"
    late = command(kit, "close", str(kit.folder), "--out", str(out))
    assert (
        late.returncode == 2 and "not_closed" in late.stderr
    )  # a device was let in after the day was signed


def test_the_check_of_a_device_is_judged(tmp_path: Path) -> None:
    from tantam.office.camps.kit import laptop

    well = {
        "tls": True,
        "secure": True,
        "storage": True,
        "service_worker": True,
        "camera": False,
        "skew_s": -4.0,
    }
    lines, ready = laptop.judged(well)
    assert ready and any("✗" in line for line in lines)  # a camera helps and is not needed
    assert not laptop.judged({**well, "skew_s": 400.0})[1] and not laptop.judged({})[1]
