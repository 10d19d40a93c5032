"""Ten made-up days, each listened to after the one before: themes keep their ids and the names that people gave."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.listen.run.listening import listen
from tantam.listen.run.sources import Asked
from tantam.listen.themes import Themes
from tests.listen.themes.a_sample import NEW, SUBJECTS, said

DAYS, NEW_FROM, NAMED, MERGED = 10, 5, 2, 3
FIRST = 20_700


def _day(home: Home, folder: Path, day: int) -> tuple[dict[str, Counter[str]], list[dict[str, Any]]]:
    """Listen to a day; of each theme the subjects of its readings, and what themes.json says."""
    lines = {**SUBJECTS, **({"battery": NEW} if day >= NEW_FROM else {})}
    pairs = [(text, name) for name, some in lines.items() for text in said(some, 90, day)]
    table = pa.table(
        {
            "id": [f"{day}-{i}-{name}" for i, (_, name) in enumerate(pairs)],
            "when": pa.array([FIRST + day] * len(pairs), pa.int32()),
            "text": [text for text, _ in pairs],
        }
    )
    pq.write_table(table, folder / f"{day}.parquet")
    done = listen(
        home,
        [folder / f"{day}.parquet"],
        Asked("text", id="id", when="when"),
        folder / f"out-{day}",
        after=folder / f"out-{day - 1}" if day else None,
        index=True,
    )
    held: dict[str, Counter[str]] = {}
    rows = pq.read_table(done.folder / "readings", columns=["id", "theme"]).to_pylist()
    for row in rows:
        if row["theme"]:
            held.setdefault(row["theme"], Counter())[row["id"].split("-")[2]] += 1
    assert sum(c.total() for c in held.values()) > 0.6 * len(rows)
    told = json.loads((done.folder / "themes.json").read_text(encoding="utf-8"))
    return held, told


def _most(held: dict[str, Counter[str]], subject: str) -> str:
    """The theme that most of a subject has."""
    return max(held, key=lambda theme: held[theme][subject])


@pytest.mark.slow
def test_themes_over_ten_days(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    held, told = _day(home, tmp_path, 0)
    named, into, merged = _most(held, "coverage"), _most(held, "hotline"), _most(held, "spam")
    about = {theme: c.most_common(1)[0][0] for theme, c in held.items()}
    for day in range(1, DAYS):
        themes = Themes.load(home.themes)
        if day == NAMED:
            themes.edited(named, name="Mất sóng trong nhà dân").save_names(home.themes)
        if day == MERGED:
            themes.edited(merged, into=into).save_names(home.themes)
        held, told = _day(home, tmp_path, day)
        assert set(themes.ids) <= set(Themes.load(home.themes).ids), "an id went"
        for theme, c in held.items():
            subject, most = c.most_common(1)[0]
            if most >= 5 and theme != into:
                assert about.setdefault(theme, subject) == subject, "an id became about something else"
        rows = {row["id"]: row for row in told}
        if day >= NAMED:
            assert rows[named]["label"] == "Mất sóng trong nhà dân"
        if day >= MERGED:
            assert rows[merged]["merged_into"] == into
            assert rows[merged]["count"] == 0 < rows[into]["count"] == held[into].total()
    battery = {theme for theme, subject in about.items() if subject == "battery"}
    assert battery and min(battery) > max(set(about) - battery - _late(about)), "a new subject has new ids"
    assert sum(held[theme]["battery"] for theme in battery if theme in held) >= 10
    assert len(Themes.load(home.themes).ids) <= 2 * len(held)


def _late(about: dict[str, str]) -> set[str]:
    """Themes of the known subjects that came up after the first day of the new one."""
    order = list(about)
    first = next(i for i, theme in enumerate(order) if about[theme] == "battery")
    return {theme for theme in order[first:] if about[theme] != "battery"}
