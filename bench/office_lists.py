"""The office's pages at one million promises and one million journal entries, and how fast acts are done.

A fresh SQLite home: a hundred branches in thirty-four provinces, three years of promises of every kind, two in a
hundred late. Each page is read through the whole office (middleware, door, template) by somebody signed in; the
figure is the median of its time on the server. Acts are measured against bare commits of one row in the same file,
in turn, in the same run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

PROMISES = int(os.environ.get("BENCH_PROMISES", "1000000"))
BRANCHES, PROVINCES, DAYS = 100, 34, 1095
TURNS, ACTS = 15, 300
TARGETS = {"page_ms": 50, "acts_to_commits": 0.5}


def run() -> dict[str, object]:
    """Medians in milliseconds, queries a page, acts and bare commits a second.

    In a process of its own, since Django is set up once in each.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "bench.office_lists", folder, str(out)]
        subprocess.run(command, check=True)
        import json

        figures: dict[str, object] = json.loads(out.read_text(encoding="utf-8"))
        return figures


def _measured(home: Path) -> dict[str, object]:
    started = perf_counter()
    people = _filled()
    filled = perf_counter() - started
    return {
        "promises": PROMISES,
        "entries": PROMISES,
        "branches": BRANCHES,
        "tally_cells": _cells(),
        "filled_seconds": round(filled),
        "pages": _pages(people),
        **_acts(people["director"]),
        "targets": TARGETS,
    }


def _cells() -> int:
    from tantam.office.promises.models import Tally

    return Tally.objects.count()


def _filled() -> dict[str, Any]:
    """Offices, staff, promises, their tally and entries; gives who reads."""
    from tantam import clock
    from tantam.office.people import actions as people
    from tantam.office.people.models import Staff

    at, today = clock.now(), clock.to_date(clock.today())
    new: dict[str, Any] = {"actor": None, "at": at}
    hq = people.open_office("hq", "Trụ sở", "headquarters", **new)
    provinces = [
        people.open_office(f"p{n}", f"Tỉnh {n}", "province", parent=hq, province="56", **new)
        for n in range(PROVINCES)
    ]
    branches = [
        people.open_office(
            f"b{n}", f"Chi nhánh {n}", "branch", parent=provinces[n % PROVINCES], province="56", **new
        )
        for n in range(BRANCHES)
    ]
    staff = {
        "executive": people.hire("hoa", "Vũ Thanh Hòa", hq, **new),
        "director": people.hire("lam", "Trương Ngọc Lâm", branches[0], **new),
        "province": people.hire("tinh", "Lê Thị Tỉnh", provinces[0], **new),
    }
    for name, duty, office in (
        ("executive", "executive", hq), ("director", "director", branches[0]), ("province", "director", provinces[0])
    ):  # fmt: skip
        people.give_duty(staff[name], duty, office, from_on=date(2020, 1, 1), **new)
    owners = {
        b.pk: [people.hire(f"o{b.pk}-{n}", f"Nguyễn Văn {n}", b, **new).pk for n in range(5)]
        for b in branches
    }
    _promises(today, at, owners)
    _entries(at)
    _analyzed()
    return {name: Staff.objects.get(pk=one.pk) for name, one in staff.items()}


KINDS = [
    "forward",
    "call_back",
    "gathering",
    "reply",
    "reply",
    "reply",
    "commitment",
    "gift",
    "refund",
    "other",
]
WORDS = (
    "Trả lời về sóng yếu ở xã Nậm Sương",
    "Quà sinh nhật tháng này",
    "Hoàn cước trừ nhầm",
    "Gọi lại sáu khách",
)


def _promises(today: date, at: datetime, owners: dict[int, list[int]]) -> None:
    from tantam.letters import fold

    draw = random.Random(1)
    plain, offices, made = [fold(words) for words in WORDS], list(owners), at.isoformat(sep=" ")

    def rows() -> Iterator[tuple[Any, ...]]:
        for _ in range(PROMISES):
            office, word = draw.choice(offices), draw.randrange(len(WORDS))
            due = today - timedelta(days=draw.randrange(DAYS) - 30)
            state, settled = _fate(draw, due, today)
            yield (
                draw.choice(KINDS), WORDS[word], plain[word], "public", draw.randrange(1, 400),
                draw.choice(owners[office]), office, made, due.isoformat(), due.isoformat(), state,
                settled and settled.isoformat(),
            )  # fmt: skip

    columns = "kind what plain to_kind people owner_id office_id made_at first_due due state settled_on"
    blank = "to_id about_kind about_id legal proof_kind proof reason creditor_yes"
    _insert("promises_promise", columns.split(), blank.split(), rows())
    _tally()


def _insert(table: str, columns: list[str], blank: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """Write rows by the database's own bulk way: what is measured comes afterwards."""
    from django.db import connection, transaction

    values = ", ".join([*["?"] * len(columns), *["''"] * len(blank)])
    with transaction.atomic():
        assert connection.connection is not None
        connection.connection.executemany(
            f"INSERT INTO {table} ({', '.join([*columns, *blank])}) VALUES ({values})", rows
        )


def _fate(draw: random.Random, due: date, today: date) -> tuple[str, date | None]:
    if due >= today:
        return "open", None
    luck = draw.random()
    if luck < 0.02:
        return "open", None
    if luck < 0.03:
        return "broken", due
    if luck < 0.04:
        return "released", due
    return "kept", due + timedelta(days=2 if luck < 0.09 else 0)


def _tally() -> None:
    """The tally as the acts would have left it, by one statement a span."""
    from django.db import connection

    column = (
        "CASE WHEN state = 'kept' AND settled_on <= first_due THEN 'kept_on_time' WHEN state = 'kept' THEN 'kept_late' "
        "ELSE state END"
    )
    names = ("open", "kept_on_time", "kept_late", "broken", "released")
    counts = ", ".join(f"sum(stands = '{name}')" for name in names)
    people = ", ".join(f"sum(people * (stands = '{name}'))" for name in names)
    into = ", ".join([*(f"{name}_count" for name in names), *(f"{name}_people" for name in names)])
    with connection.cursor() as cursor:
        spans = (("d", "first_due"), ("m", "date(first_due, 'start of month')"))
        for (span, on), office in product(spans, ("office_id", "NULL")):
            cursor.execute(
                f'INSERT INTO promises_tally (office_id, kind, span, "on", {into}) '
                f"SELECT office, kind, '{span}', day, {counts}, {people} FROM "
                f"(SELECT {office} AS office, kind, {on} AS day, people, {column} AS stands FROM promises_promise) "
                "GROUP BY office, kind, day"
            )


def _entries(at: datetime) -> None:
    columns = ["at", "act", "on_kind", "on_id", "facts", "count"]
    rows = (
        (at.isoformat(sep=" "), "promise.made", "promise", str(n), '{"people": 6}', 1)
        for n in range(1, PROMISES + 1)
    )
    _insert("journal_entry", columns, ["because", "digest"], rows)


def _analyzed() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


PAGES = {
    "executive": ["/", "/promises/", "/promises/?state=late", "/promises/?state=kept", "/promises/?state=kept_late",
                  "/promises/?state=broken", "/promises/?kind=gift", "/promises/?office=3", "/promises/?owner=70",
                  f"/promises/{PROMISES // 2}/", "/journal/"],
    "province": ["/", "/promises/", "/promises/?state=kept"],
    "director": ["/", "/promises/", "/promises/?state=kept", "/promises/?state=kept_late"],
}  # fmt: skip


def _pages(people: dict[str, Any]) -> dict[str, dict[str, float]]:
    from django.test import Client

    found: dict[str, dict[str, float]] = {}
    for who, addresses in PAGES.items():
        client = Client()
        client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        for address in addresses:
            found[f"{who} {address}"] = _page(client, address)
    client = Client()
    found["anybody /public/"] = _page(client, "/public/")
    found["executive / a month later in a long list"] = _deep(people["executive"])
    return found


def _page(client: Any, address: str) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
        taken = len(queries)
    return {"ms": _median(lambda: client.get(address)), "queries": taken}


def _deep(reader: Any) -> dict[str, float]:
    """The thousandth page of what was kept, by the place in its address."""
    from django.test import Client

    from tantam.office.promises.models import Promise

    client = Client()
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    row = Promise.objects.filter(state="kept").order_by("-first_due", "-id")[PROMISES // 20]
    return _page(client, f"/promises/?state=kept&after={row.first_due}~{row.pk}")


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(TURNS):
        start = perf_counter()
        act()
        taken.append(1000 * (perf_counter() - start))
    return round(median(taken), 1)


def _acts(director: Any) -> dict[str, float]:
    """Promises made and kept, and bare commits, turn by turn in the same file."""
    from django.db import connection, transaction

    from tantam import clock
    from tantam.office.promises import actions

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id integer PRIMARY KEY, value integer)")
    today = clock.to_date(clock.today())
    taken: dict[str, list[float]] = {"commit": [], "make": [], "keep": []}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        start = perf_counter()
        done = act()
        taken[name].append(perf_counter() - start)
        return done

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (value) VALUES (1)")

    who: dict[str, Any] = {"actor": director}
    for n in range(ACTS):
        timed("commit", bare)
        at = datetime.now(UTC)
        made = timed(
            "make",
            partial(
                actions.make,
                at=at, kind="reply", what=WORDS[0], owner=director, office=director.office,
                first_due=today + timedelta(days=n % 20), to=("public", ""), **who,
            ),
        )  # fmt: skip
        timed("keep", partial(actions.keep, made, at=at, proof_kind="other", proof="x", **who))
    rates = {name: 1 / median(times) for name, times in taken.items()}
    slowest = min(rates["make"], rates["keep"])
    return {
        **{f"{name}s_a_second": round(rate) for name, rate in rates.items()},
        "acts_to_commits": round(slowest / rates["commit"], 2),
    }


def _opened(home: Path) -> None:
    os.environ.update(
        TANTAM_HOME=str(home), DJANGO_SETTINGS_MODULE="tantam.office.settings", TANTAM_SECOND_FACTOR="no",
        TANTAM_LOG="error", TANTAM_HOSTS="testserver",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    import json

    _opened(Path(sys.argv[1]) / "home")
    figures = _measured(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(figures), encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))
