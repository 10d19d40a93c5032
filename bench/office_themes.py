"""The docket, the page of a theme and the inbox of opinions at one million opinions and five thousand themes, and how
long an opinion takes from its arrival to its theme.

Two years of opinions from a hundred branches, one in five on no theme, the others by a long-tailed draw, so that the
heaviest theme has about fifty thousand; two in five speakers are known. Each page is read through the whole office
(middleware, door, template) by Django's test client, by somebody of the policy unit; `cpu_ms` is the median of this
process's time, `wall_ms` of the clock's, with the database's in it. A limit of 50 ms was set, and of 20 ms
for an opinion that arrives: masked, read, put to one of five thousand themes, counted there, written into the journal,
on the disk.

python -m bench office_themes; TANTAM_BENCH_OPINIONS=50000 for a look
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

from bench.an_office import on_both, ready, settled, tell

OPINIONS = int(os.environ.get("TANTAM_BENCH_OPINIONS", "1_000_000"))
THEMES, BRANCHES, DAYS, TURNS, ARRIVING, CHUNK = 5_000, 100, 730, 25, 200, 20_000
FEATURES, OF_A_THEME = 4_000, 40
SAID = (
    "Mưa lớn là xóm tôi mất sóng cả buổi, gọi không được.",
    "tru tien luc nua dem sang day het tien goi, hoi thi khong ai biet",
    "Tổng đài buổi tối chờ mười lăm phút rồi tự ngắt.",
    "Cô ở quầy chỉ tôi từng bước, mười phút là xong.",
    "Mạng chậm quá, con tôi học trực tuyến không được.",
)
SINCE = (
    "Tôi báo từ tháng trước mà chưa thấy ai tới sửa.",
    "Hàng xóm dùng mạng khác thì không sao.",
    "Nhờ bên mình xem lại giúp, tôi dùng số này mười năm rồi.",
    "nho xem lai giup",
    "Nếu còn vậy nữa tôi sẽ chuyển sang nhà mạng khác.",
    "",
    "Cảm ơn.",
)


def run() -> dict[str, Any]:
    """Medians of processor time and queries of each page, on both databases."""
    return {"opinions": OPINIONS, "themes": THEMES, "target_ms": 50, **on_both("bench.office_themes")}


def office() -> dict[str, Any]:
    """The figures of this process's office."""
    os.environ |= {"TANTAM_HOSTS": "testserver", "TANTAM_SECOND_FACTOR": "no"}
    home = ready()
    start = time.perf_counter()
    reader, ids = _filled()
    settled()
    filled = round(time.perf_counter() - start)
    pages = _pages(reader, ids)
    _learnt(home)
    return {"filled_seconds": filled, **pages, "arriving": _arriving()}


def _pages(reader: Any, ids: list[int]) -> dict[str, Any]:
    from django.test import Client

    client: Any = Client()
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
    voices: set[tuple[int, int]] = set()
    _pour(Opinion, _drawn(ids, branches, at, voices))
    for index in indexes:
        with connection.schema_editor() as editor:
            editor.add_index(Opinion, index)
    spoke = (
        {"theme_id": theme, "key": key, "opinions_count": 1, "first_at": at} for theme, key in sorted(voices)
    )
    _pour(Voice, spoke)


def _drawn(
    ids: list[int], branches: list[int], at: datetime, voices: set[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """The opinions, the oldest first; who spoke on which theme is put into ``voices``."""
    draw = random.Random(4)
    themes = draw.choices(ids, [1 / (n + 3) ** 0.9 for n in range(THEMES)], k=OPINIONS)
    for n, theme in enumerate(themes):
        key = 10_000 + draw.randrange(400_000) if draw.random() < 0.4 else None
        if key is not None and n % 5:
            voices.add((theme, key))
        yield {
            "id": UUID(int=n + 1).hex, "text": _said(n), "tone": "grievance" if n % 3 else "idea",
            "channel": ("sms", "cafe", "counter", "phone")[n % 4], "office_id": draw.choice(branches),
            "said_at": at - timedelta(minutes=(OPINIONS - n) * DAYS * 1440 / OPINIONS), "speaker_key": key,
            "complaint": n % 3 > 0, "topic": ("network", "charging")[n % 2], "theme_id": theme if n % 5 else None,
        }  # fmt: skip


def _said(n: int) -> str:
    return f"{SAID[n % len(SAID)]} {SINCE[n % len(SINCE)]}"


def _pour(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Rows (by column, the others as a new object has them) into an empty table, as quickly as its database can."""
    from django.db import connection, transaction
    from django.db.models import AutoField

    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    plain = {field.column: field.get_default() for field in fields}
    table, columns = model._meta.db_table, ", ".join(f'"{column}"' for column in plain)
    whole = (
        tuple(
            value if not isinstance(value, datetime) else f"{value:%Y-%m-%d %H:%M:%S}"
            for value in row.values()
        )
        for row in ({**plain, **each} for each in rows)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in whole:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(plain))
            while part := list(islice(whole, CHUNK)):
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", part)


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
    for rest, state, on in ((2, "promised", None), (3, "done", today - timedelta(days=56))):
        some = ids[rest::5]
        Promise.objects.bulk_create(
            Promise(
                kind="commitment", what="Dựng thêm trạm", about_id=str(pk), people=9, due=today, first_due=today,
                state="kept" if on else "open", settled_on=on, **common,
            )
            for pk in some
        )  # fmt: skip
        promises = {int(p.about_id): p for p in Promise.objects.filter(state="kept" if on else "open")}
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


def _learnt(home: Path) -> None:
    """Themes as a listening leaves them in the home: each has forty of four thousand features, some of which are words
    and pairs of words that people here say."""
    import numpy as np
    import pyarrow as pa

    from tantam.base.home import Home
    from tantam.listen.clean import clean
    from tantam.listen.themes import Themes
    from tantam.listen.themes.vectors import Vectors, features

    draw = np.random.default_rng(4)
    said = np.unique(features(clean(pa.array([_said(n) for n in range(35)])).tokens)[0])
    keys = np.unique(np.concatenate([said, draw.integers(1, 1 << 62, FEATURES - len(said), np.uint64)]))
    unit = np.zeros((THEMES, len(keys)), np.float32)
    for theme in unit:
        theme[draw.choice(len(keys), OF_A_THEME, replace=False)] = draw.random(OF_A_THEME)
        theme[np.searchsorted(keys, draw.choice(said, 4))] = 2
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    idf = draw.uniform(2, 9, len(keys)).astype(np.float32)
    names = tuple(f"T{n:05}" for n in range(THEMES))
    Themes(names, names, (False,) * THEMES, Vectors(keys, idf, unit, 9.0), last=THEMES).save(
        Home(home).themes
    )


def _arriving() -> dict[str, Any]:
    """Milliseconds from a message that came to its theme: half of them, and all but one in twenty."""
    from tantam import clock
    from tantam.office.opinions import actions
    from tantam.office.opinions.hearing import ready as heard
    from tantam.office.people.models import Office

    hq, on_theme = Office.objects.get(code="hq"), 0
    heard()
    taken, waited = [], []
    for n in range(-10, ARRIVING):
        wall, start = time.perf_counter(), time.process_time()
        at = clock.now()
        opinion = actions.register(
            actor=None, at=at, id=uuid4(), text=_said(n), tone=None, channel="sms", said_at=at, office=hq,
            key=9_000 + n, source=("message", n),
        )  # fmt: skip
        if n >= 0:
            taken.append(1000 * (time.process_time() - start))
            waited.append(1000 * (time.perf_counter() - wall))
            on_theme += opinion.theme_id is not None
    return {
        "target_ms": 20,
        "on_a_theme": f"{on_theme} of {ARRIVING}",
        "cpu_ms": round(median(taken), 1),
        "wall_ms": round(median(waited), 1),
        "wall_p95_ms": round(quantiles(waited, n=20)[-1], 1),
    }


if __name__ == "__main__":
    tell(office())
