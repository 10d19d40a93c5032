"""The docket, the page of a theme and the inbox of opinions at one million opinions and five thousand themes.

Two years of opinions from a hundred branches, one in five on no theme, the others by a long-tailed draw, so that the
heaviest theme has about fifty thousand; two in five speakers are known. Each page is read through the whole office
(middleware, door, template) by Django's test client, by somebody of the policy unit; the figure is the median of the
processor's time in milliseconds, on SQLite and on PostgreSQL. A limit of 50 ms was set.

python -m bench office_themes
"""

from __future__ import annotations

import os
import random
import time
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from bench.an_office import on_both, ready, tell

OPINIONS = int(os.environ.get("TANTAM_BENCH_OPINIONS", "1_000_000"))
THEMES, BRANCHES, DAYS, TURNS, CHUNK = 5_000, 100, 730, 25, 20_000
SAID = (
    "Mưa lớn là xóm tôi mất sóng cả buổi, gọi không được.",
    "tru tien luc nua dem sang day het tien goi",
    "Tổng đài buổi tối chờ mười lăm phút rồi tự ngắt.",
    "Cô ở quầy chỉ tôi từng bước, mười phút là xong.",
)


def run() -> dict[str, Any]:
    """Medians of processor time and queries of each page, on both databases."""
    return {"opinions": OPINIONS, "themes": THEMES, "target_ms": 50, **on_both("bench.office_themes")}


def office() -> dict[str, Any]:
    """The figures of this process's office."""
    os.environ |= {"TANTAM_HOSTS": "testserver", "TANTAM_SECOND_FACTOR": "no"}
    ready()
    from django.db import connection

    start = time.perf_counter()
    reader, ids = _filled()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = round(time.perf_counter() - start)
    return {"filled_seconds": filled, **_pages(reader, ids)}


def _pages(reader: Any, ids: list[int]) -> dict[str, Any]:
    from django.test import Client

    client = Client()
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    docket = "/opinions/themes/"
    pages = {
        "docket": docket,
        "docket, the longest waiting": f"{docket}?sort=since",
        "docket, promised": f"{docket}?state=promised",
        "the heaviest theme": f"{docket}{ids[0]}/",
        "the heaviest done": f"{docket}{ids[3]}/",
        "a theme in the middle": f"{docket}{ids[THEMES // 2]}/",
        "a phrase in the heaviest": f"{docket}{ids[0]}/?find=mat+song",
        "inbox": "/opinions/",
        "inbox, by topic": "/opinions/?topic=network",
    }
    return {name: _page(client, at) for name, at in pages.items()}


def _page(client: Any, address: str) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
        count = len(queries)
    taken, waited = [], []
    for _ in range(TURNS):
        clock, start = time.perf_counter(), time.process_time()
        client.get(address)
        taken.append(1000 * (time.process_time() - start))
        waited.append(1000 * (time.perf_counter() - clock))
    return {"cpu_ms": round(median(taken), 1), "wall_ms": round(median(waited), 1), "queries": count}


def _filled() -> tuple[Any, list[int]]:
    """Who reads, and the themes, the heaviest first."""
    from tantam import clock
    from tantam.office.opinions.models import Theme
    from tantam.office.people import actions as people
    from tantam.office.people.models import Staff

    at = clock.now()
    new: dict[str, Any] = {"actor": None, "at": at}
    hq = people.open_office("hq", "Trụ sở", "headquarters", **new)
    branches = [
        people.open_office(f"b{n}", f"Chi nhánh {n}", "branch", parent=hq, province="56", **new).pk
        for n in range(BRANCHES)
    ]
    yen = people.hire("yen", "Đỗ Hải Yến", hq, **new)
    people.give_duty(yen, "policy", hq, from_on=date(2020, 1, 1), **new)
    Theme.objects.bulk_create(
        Theme(
            code=f"T{n:05}",
            name=f"Chủ đề {n}: sóng yếu, cước lạ",
            made_at=at,
            since=at - timedelta(days=n % 400),
        )
        for n in range(THEMES)
    )
    ids = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    _opinions(ids, branches, at)
    _counted(ids)
    _answered(ids, hq, yen, at)
    return Staff.objects.get(pk=yen.pk), ids


def _opinions(ids: list[int], branches: list[int], at: datetime) -> None:
    from django.db import connection

    from tantam.office.opinions.models import Opinion, Voice

    indexes = Opinion._meta.indexes
    for index in indexes:  # built once at the end: what is measured comes afterwards
        with connection.schema_editor() as editor:
            editor.remove_index(Opinion, index)
    draw = random.Random(4)
    weights = [1 / (n + 3) ** 0.9 for n in range(THEMES)]
    voices: set[tuple[int, int]] = set()
    for first in range(0, OPINIONS, CHUNK):
        count = min(CHUNK, OPINIONS - first)
        drawn = draw.choices(ids, weights, k=count)
        rows = []
        for n, theme in enumerate(drawn, first):
            key = 10_000 + draw.randrange(400_000) if draw.random() < 0.4 else None
            row = Opinion(
                id=UUID(int=n + 1), text=SAID[n % 4], tone="grievance" if n % 3 else "idea",
                channel=("sms", "cafe", "counter", "phone")[n % 4], office_id=draw.choice(branches),
                said_at=at - timedelta(minutes=(OPINIONS - n) * DAYS * 1440 / OPINIONS), speaker_key=key,
                complaint=n % 3 > 0, topic=("network", "charging")[n % 2], theme_id=theme if n % 5 else None,
            )  # fmt: skip
            rows.append(row)
            if key is not None and row.theme_id is not None:
                voices.add((row.theme_id, key))
        Opinion.objects.bulk_create(rows)
    for index in indexes:
        with connection.schema_editor() as editor:
            editor.add_index(Opinion, index)
    some = [Voice(theme_id=theme, key=key, opinions_count=1, first_at=at) for theme, key in sorted(voices)]
    Voice.objects.bulk_create(some, batch_size=CHUNK)


def _counted(ids: list[int]) -> None:
    """The counts as the acts would have left them, but that every opinion counts as a person."""
    from django.db.models import Count, Max, Q

    from tantam.office.opinions.models import Opinion, Theme

    rows = Opinion.objects.filter(theme__isnull=False).order_by().values("theme").annotate(
        n=Count("pk"), bad=Count("pk", filter=Q(complaint=True)), last=Max("said_at")
    )  # fmt: skip
    found: dict[Any, Any] = {row["theme"]: row for row in rows}
    themes = list(Theme.objects.all())
    for theme in themes:
        row: dict[str, Any] = found.get(theme.pk, {"n": 0, "bad": 0, "last": None})
        theme.opinions_count = theme.people_count = row["n"]
        theme.complaints_count, theme.last_at = row["bad"], row["last"]
        theme.weight = row["n"] + row["bad"]
    Theme.objects.bulk_update(
        themes,
        ["opinions_count", "people_count", "complaints_count", "weight", "last_at"],
        batch_size=500,
    )


def _answered(ids: list[int], hq: Any, yen: Any, at: datetime) -> None:
    """A fifth promised, a fifth done eight weeks ago; every theme but the heaviest with figures of a file."""
    from tantam.office.opinions.models import Answer, Change, Heap, Theme
    from tantam.office.paging import parts
    from tantam.office.promises.models import Promise

    today = at.date()
    common: dict[str, Any] = {
        "office": hq,
        "owner": yen,
        "made_at": at,
        "about_kind": "theme",
        "to_kind": "public",
    }
    for rest, state, settled in ((2, "promised", None), (3, "done", today - timedelta(days=56))):
        some = ids[rest::5]
        Promise.objects.bulk_create(
            Promise(
                kind="commitment", what="Dựng thêm trạm", about_id=str(pk), people=9, due=today, first_due=today,
                state="kept" if settled else "open", settled_on=settled, **common,
            )
            for pk in some
        )  # fmt: skip
        promises = {int(p.about_id): p for p in Promise.objects.filter(state="kept" if settled else "open")}
        Answer.objects.bulk_create(
            Answer(
                theme_id=pk, kind="accept", words="Dựng thêm trạm ở bản", promise=promises[pk], people_count=9, by=yen,
                at=at - timedelta(days=90),
            )
            for pk in some
        )  # fmt: skip
        for part in parts(some):
            Theme.objects.filter(pk__in=part).update(state=state)
    done = Answer.objects.filter(promise__state="kept")
    Change.objects.bulk_create(
        Change(
            theme_id=one.theme_id, answer=one, what="Đã dựng trạm", proof="Biên bản 12", by=yen, at=at, published_at=at,
            done_on=today - timedelta(days=56),
        )
        for one in done
    )  # fmt: skip
    quotes = [{"text": SAID[0], "people": 41}]
    Heap.objects.bulk_create(
        Heap(
            theme_id=pk, run="tin-nhan", digest="d", taken_at=at, opinions_count=90, people_count=80,
            complaints_count=40, quotes=quotes, provinces=[["Khánh Hòa", 60], ["Cà Mau", 30]],
        )
        for pk in ids[1:]
    )  # fmt: skip


if __name__ == "__main__":
    tell(office())
