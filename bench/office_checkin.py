"""The door of a listening day: guests let in a second, and how long the page takes meanwhile, on both databases.

Four volunteers at once, each typing one code after the other through the whole of Django, in two processes as
`tantam office serve` has them; a tap is answered by the page with the guest's name; every commit is on the disk. A list
of 5,000 guests, and a board asked for every two seconds beside it. Limits: 50 a second, the page in 300 ms. On a shared
machine the milliseconds of the processor say more than the seconds of the clock.

python -m bench office_checkin
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from queue import Empty
from statistics import median
from time import perf_counter, process_time, sleep
from typing import Any

from bench.an_office import on_both, ready, tell

LIST = int(os.environ.get("TANTAM_BENCH_LIST", "5_000"))
PROCESSES, THREADS, TAPS = 2, 2, 400


def run() -> dict[str, Any]:
    """Guests let in a second, milliseconds of a tap (half of them, and all but one in a hundred) and of the board, and
    of the processor for each guest, by database."""
    return {"target_a_second": 50, "target_ms": 300, "list": LIST, **on_both("bench.office_checkin")}


def office() -> dict[str, Any]:
    """The door of this process's office."""
    os.environ |= {"TANTAM_SECOND_FACTOR": "no", "TANTAM_HOSTS": "testserver"}
    ready()
    from django.core.management import call_command
    from django.db import connections

    from tantam.office.events.models import Event, Guest

    call_command("createcachetable", verbosity=0)
    event, codes = _hall()
    connections.close_all()
    fresh = multiprocessing.get_context("spawn")
    start, told = fresh.Barrier(PROCESSES), fresh.Queue()
    shares = [codes[n::PROCESSES][: THREADS * TAPS] for n in range(PROCESSES)]
    going = [
        fresh.Process(target=_process, args=(n, event, mine, start, told)) for n, mine in enumerate(shares)
    ]
    for one in going:
        one.start()
    parts = [_heard(told, going) for _ in going]
    for one in going:
        one.join()
    taken = sorted(ms for part in parts for ms in part["taps"])
    boards = [ms for part in parts for ms in part["boards"]]
    assert Guest.objects.filter(came=True).count() == len(taken) == PROCESSES * THREADS * TAPS
    assert Event.objects.get().state == "held"
    return {
        "a_second": round(len(taken) / max(part["seconds"] for part in parts)),
        "tap_ms": round(median(taken)),
        "tap_p99_ms": round(taken[len(taken) * 99 // 100]),
        "board_ms": round(median(boards)),
        "cpu_ms": round(1000 * sum(part["cpu"] for part in parts) / len(taken), 1),
    }


def _heard(told: Any, going: list[Any]) -> Any:
    """What one of the processes has to tell; an error once one of them has died, and nobody waits for it."""
    while True:
        try:
            return told.get(timeout=1)
        except Empty:
            if died := [one.exitcode for one in going if one.exitcode]:
                for one in going:
                    one.kill()
                raise SystemExit(f"a process of the bench ended with {died[0]}") from None


def _process(n: int, event: int, codes: list[str], start: Any, told: Any) -> None:
    """One process of the server: its volunteers, and in the first one the board."""
    import django

    django.setup()
    door, board = f"/events/{event}/checkin/", f"/events/{event}/board/"
    browsers = [_browser(f"v{n * THREADS + thread}") for thread in range(THREADS)]
    for one in browsers:
        one.get(door)  # templates are read once
    watching = _browser("v0")
    watching.get(board)
    boards: list[float] = []

    def volunteer(thread: int) -> list[float]:
        return [_ms(browsers[thread].post, door, {"q": code}) for code in codes[thread::THREADS]]

    with ThreadPoolExecutor(THREADS) as pool:
        start.wait()
        begun, cpu = perf_counter(), process_time()
        going = [pool.submit(volunteer, thread) for thread in range(THREADS)]
        while n == 0 and not all(one.done() for one in going):
            boards.append(_ms(watching.get, board))
            sleep(2)
        taps = [ms for one in going for ms in one.result()]
        seconds = perf_counter() - begun
    told.put({"taps": taps, "boards": boards, "seconds": seconds, "cpu": process_time() - cpu})


def _ms(ask: Any, *what: Any) -> float:
    start = perf_counter()
    assert ask(*what).status_code == 200
    return 1000 * (perf_counter() - start)


def _browser(username: str) -> Any:
    from django.test import Client

    from tantam.office.people.models import Staff

    client = Client()
    who = Staff.objects.get(username=username)
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _hall() -> tuple[int, list[str]]:
    """A listening day today with its list of guests, and the volunteers v0, v1, …"""
    from tantam import clock
    from tantam.office.events import actions, checkin
    from tantam.office.events.models import Guest
    from tantam.office.people import actions as people

    at = clock.now()
    new: dict[str, Any] = {"actor": None, "at": at}
    hq = people.open_office("hq", "Trụ sở", "headquarters", **new)
    for n in range(PROCESSES * THREADS):
        host = people.hire(f"v{n}", f"Người đón {n}", hq, **new)
        people.give_duty(host, "officer", hq, from_on=date(2020, 1, 1), **new)
    event = actions.plan(
        kind="listening_day", office=hq, on=clock.day_of(at), starts_at=time(8), ends_at=time(17), place="Sân vận động",
        host=host, seats=LIST, **new,
    )  # fmt: skip
    codes = checkin.new_codes(event, LIST, set())
    Guest.objects.bulk_create(
        (Guest(event=event, key=n, order=n, code=code) for n, code in enumerate(codes, 1)), batch_size=500
    )
    return event.pk, codes


if __name__ == "__main__":
    tell(office())
