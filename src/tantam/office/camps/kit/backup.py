"""Copies on a USB stick: every few minutes, at each close, and when somebody changes the station. Each is written,
forced to the stick, read back, and counts only if its facts come to the digest that the kit has.

A stick that is pulled stops no work: the bar says when the last good copy was, and the next round tries again.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from tantam import clock
from tantam.errors import TantamError
from tantam.office.camps import container, ledger, unread
from tantam.office.camps.facts import digest_of_marks
from tantam.office.camps.kit.holding import Held, held
from tantam.office.camps.models import Camp

EVERY_S = 180.0
RETRY_S = 20.0
LEAST_S = 15.0  # between two copies, however often somebody changes the station
KEPT = 10
log = structlog.get_logger("tantam")


@dataclass(frozen=True)
class State:
    """``wanted``: a stick was named; ``well``: the last try came off; ``verified_at``: the last copy that was read
    back, ``facts`` and ``digest`` what it holds."""

    wanted: bool = False
    well: bool = True
    verified_at: datetime | None = None
    facts: int = 0
    digest: str = ""


_states = [State()]  # how the copies stand now
_disks: list[int] = []  # where the last copy went, if it was a disk of its own
_wake = threading.Event()
_one_at_a_time = threading.Lock()


def state() -> State:
    """How the copies stand."""
    return replace(_states[0], wanted=held().usb is not None)


def soon() -> None:
    """Copy at the next moment: the day was closed, or somebody changed the station."""
    _wake.set()


def copy_once(camp: Camp, kit: Held, at: datetime) -> State:
    """Write a copy, read it back, keep the last ones; a stick that is not there is said in the state, not raised."""
    with _one_at_a_time:
        return _copy(camp, kit, at)


def _copy(camp: Camp, kit: Held, at: datetime) -> State:
    try:
        if kit.usb is None or not kit.usb.is_dir() or _pulled(kit.usb, kit.folder):
            raise FileNotFoundError(str(kit.usb))
        count, digest = _write_and_read(camp, kit, kit.usb, at)
        _drop_old(kit.usb, kit)
        _states[0] = State(True, True, at, count, digest)
    except (OSError, EOFError, TantamError) as error:
        log.error("backup", kind=type(error).__name__)
        _states[0] = replace(_states[0], wanted=True, well=False)
    return _states[0]


def _pulled(usb: Path, folder: Path) -> bool:
    """Whether only the empty folder is left in which the stick was: it lies on the kit's own disk now."""
    now, own = _disk_of(usb), _disk_of(folder)
    if now != own:
        _disks[:] = [now]
    return now == own and bool(_disks)


def _disk_of(folder: Path) -> int:
    return folder.stat().st_dev


def start() -> threading.Thread:
    """Copy from now on, in a thread that ends with the process."""
    thread = threading.Thread(target=_rounds, name="backup", daemon=True)
    thread.start()
    return thread


def forget() -> None:
    """As if nothing had been copied: between tests."""
    _states[0] = State()
    _disks.clear()


def write_home(camp: Camp, kit: Held, path: Path) -> tuple[int, str]:
    """What a kit brings home, as a ``.camp`` file that was read back; gives how many facts, and their digest."""
    facts = ledger.facts_of(camp)
    header = container.Header(kit.camp, kit.number, kit.under_words)
    container.write(path, header, kit.key, facts, secrets={"unread": unread.to_send(camp)})
    count, digest = len(facts), digest_of_marks(fact.mark for fact in facts)
    back = container.read(path, lambda _: kit.key).facts
    if (len(back), digest_of_marks(fact.mark for fact in back)) != (count, digest):
        raise OSError("the copy reads otherwise than it was written")
    return count, digest


def _write_and_read(camp: Camp, kit: Held, usb: Path, at: datetime) -> tuple[int, str]:
    return write_home(camp, kit, usb / f"{_stem(kit)}-{at:%Y%m%d-%H%M%S}.camp")


def _drop_old(usb: Path, kit: Held) -> None:
    copies = sorted(usb.glob(f"{_stem(kit)}-????????-??????.camp"))
    for old in copies[:-KEPT]:
        old.unlink(missing_ok=True)


def _stem(kit: Held) -> str:
    return f"{str(kit.camp)[:8]}-kit{kit.number}"


def _rounds() -> None:
    from django.db import connections

    kit = held()
    while True:
        _wake.clear()
        well = False
        try:
            well = copy_once(Camp.objects.get(pk=kit.camp), kit, clock.now()).well
        except Exception as error:  # whatever breaks here, the work goes on and the bar says so
            log.error("backup", kind=type(error).__name__, pid=os.getpid())
        finally:
            connections.close_all()
        time.sleep(LEAST_S)
        _wake.wait((EVERY_S if well else RETRY_S) - LEAST_S)
