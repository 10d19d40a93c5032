"""Day after day: copies of what was said on days before join their groups, and no old text is opened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.errors import BadInput
from tantam.listen.run import index
from tantam.listen.run.listening import listen
from tantam.listen.run.sources import Asked
from tests.listen.run.a_file import NUMBERS, opinions

LONG = (
    "từ hôm qua tới nay máy tôi không vào được mạng dù đã khởi động lại nhiều lần mong bên kỹ thuật xem giúp"
)
NEAR = LONG.replace("mong bên kỹ thuật", "mong bên kĩ thuật sớm")
OTHER = "cảm ơn đoàn khám bệnh đã về tận thôn, bà con ai cũng vui và mong đoàn lại về"


def _day(
    tmp_path: Path, day: int, texts: list[str], *, named: bool = True, after: int | None = None
) -> pa.Table:
    file = tmp_path / f"day-{day}.parquet"
    columns = {"id": [f"d{day}-{i}" for i in range(len(texts))]} if named else {}
    pq.write_table(pa.table({**columns, "text": texts}), file)
    done = listen(
        Home(tmp_path / "home"),
        [file],
        Asked("text", id="id" if named else None),
        tmp_path / f"out-{day}",
        after=tmp_path / f"out-{after}" if after is not None else None,
        index=True,
    )
    return pq.read_table(done.folder / "readings")


def _heads(rows: pa.Table) -> list[str]:
    return rows.column("copy_of").to_pylist()


def test_copies_join_the_groups_of_days_before(tmp_path: Path) -> None:
    assert _heads(_day(tmp_path, 1, [LONG, "ngắn quá", OTHER])) == ["d1-0", "d1-1", "d1-2"]
    for folder in ("readings",):
        shutil.rmtree(tmp_path / "out-1" / folder)  # no old text is opened
    said = ["chưa ai nói câu này bao giờ cả nhé", NEAR, OTHER.upper(), "ngắn quá", NEAR]
    assert _heads(_day(tmp_path, 2, said, after=1)) == ["d2-0", "d1-0", "d1-2", "d1-1", "d1-0"]
    third = _day(tmp_path, 3, [said[0] + "!", LONG, NEAR, "mới tinh", "mới tinh"], after=2)
    assert _heads(third) == ["d2-0", "d1-0", "d1-0", "d3-3", "d3-3"]


def test_the_page_shows_what_goes_on_from_days_before(tmp_path: Path) -> None:
    _day(tmp_path, 1, [LONG, OTHER])
    shutil.rmtree(tmp_path / "out-1" / "readings")  # the text of the head is not there to be shown
    said = NEAR.replace("nhiều lần", "cả chục lần")
    _day(tmp_path, 2, [said] * 6 + [NEAR] * 3, after=1)
    page = (tmp_path / "out-2" / "report.html").read_text(encoding="utf-8")
    assert said in page and "said in earlier listenings too" in page
    told = json.loads((tmp_path / "out-2" / "themes.json").read_text(encoding="utf-8"))
    assert {quote["text"] for theme in told for quote in theme["quotes"]} <= {said}


def test_rows_without_ids_are_numbered_on(tmp_path: Path) -> None:
    first = _day(tmp_path, 1, [LONG, OTHER], named=False)
    second = _day(tmp_path, 2, [OTHER, "mới", "mới"], named=False, after=1)
    assert first.column("id").to_pylist() == ["0", "1"]
    assert second.column("id").to_pylist() == ["2", "3", "4"]
    assert _heads(second) == ["1", "3", "3"]


def test_an_old_group_is_never_glued_to_another(tmp_path: Path) -> None:
    """What is new may lie between two old heads; these keep their groups."""
    words = LONG.split()
    one, other = " ".join([*words[:-7], "chẳng ai chịu tới sửa cho tôi"]), LONG
    day = _day(tmp_path, 1, [one, other, OTHER])
    before = dict(zip(day.column("id").to_pylist(), _heads(day), strict=True))
    again = _day(tmp_path, 2, [one, other, OTHER, " ".join(words[:-3])], after=1)
    assert _heads(again)[:3] == list(before.values())
    assert _heads(again)[3] in before.values()


def test_day_by_day_folds_as_much_as_all_at_once(tmp_path: Path) -> None:
    """Equal texts share their head, whatever the day; and about as many are copies (of wordings that overlap in every
    degree, another one may be the head: a day cannot know which will be the most repeated)."""
    table = opinions(900, seed=8)
    pq.write_table(table, tmp_path / "all.parquet")
    whole = listen(Home(tmp_path / "h"), [tmp_path / "all.parquet"], Asked("text", id="id"), tmp_path / "all")
    at_once = pq.read_table(whole.folder / "readings")
    heads: dict[str, str] = {}
    for day in range(3):
        pq.write_table(table.slice(300 * day, 300), tmp_path / f"{day}.parquet")
        done = listen(
            Home(tmp_path / "h"),
            [tmp_path / f"{day}.parquet"],
            Asked("text", id="id"),
            tmp_path / f"o{day}",
            after=tmp_path / f"o{day - 1}" if day else None,
            index=day == 0,
        )
        rows = pq.read_table(done.folder / "readings")
        heads |= zip(rows.column("id").to_pylist(), _heads(rows), strict=True)
    folded = sum(one != head for one, head in heads.items())
    assert folded == pytest.approx(whole.copies, rel=0.05)
    by_hash: dict[int, set[str]] = {}
    for one, said in zip(at_once["id"].to_pylist(), at_once["hash"].to_pylist(), strict=True):
        if said:
            by_hash.setdefault(said, set()).add(heads[one])
    assert all(len(found) == 1 for found in by_hash.values())


def test_an_index_holds_nobodys_number_and_is_as_small_as_it_says(tmp_path: Path) -> None:
    pq.write_table(opinions(600, seed=3), tmp_path / "a.parquet")
    listen(Home(tmp_path / "home"), [tmp_path / "a.parquet"], Asked("text"), tmp_path / "out", index=True)
    kept = {f.name: f.read_bytes() for f in (tmp_path / "out" / index.FOLDER).iterdir()}
    assert not [n for n in NUMBERS for held in kept.values() if n.encode() in held]
    facts = json.loads(kept["index.json"])
    assert sum(map(len, kept.values())) < 90 * facts["heads"] + 12 * facts["texts"] + 1_000


def test_what_cannot_be_followed_is_refused(tmp_path: Path) -> None:
    _day(tmp_path, 1, [LONG])
    pq.write_table(pa.table({"text": [LONG]}), tmp_path / "a.parquet")
    home, asked = Home(tmp_path / "home"), Asked("text")
    plain = listen(home, [tmp_path / "a.parquet"], asked, tmp_path / "plain")
    for folder, code in ((plain.folder, "no_index"), (tmp_path / "nowhere", "no_index")):
        with pytest.raises(BadInput) as no:
            listen(home, [tmp_path / "a.parquet"], asked, tmp_path / "next", after=folder)
        assert no.value.code == code
    file = tmp_path / "out-1" / index.FOLDER / "index.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "hash_version": "0"}))
    with pytest.raises(BadInput) as no:
        listen(home, [tmp_path / "a.parquet"], asked, tmp_path / "next", after=tmp_path / "out-1")
    assert no.value.code == "wrong_hash_version"
