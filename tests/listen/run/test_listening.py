"""From files to readings: nothing lost, nobody's number kept, the same however split, resumed after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.errors import Refused
from tantam.listen.columns import SCHEMA
from tantam.listen.run import parts
from tantam.listen.run.listening import Listened, listen
from tantam.listen.run.sources import Asked
from tests.listen.run.a_file import NUMBERS, opinions

ASKED = Asked("text", id="id", key="key", when="when", where="where", channel="channel")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return split(opinions(600, seed=3), 200, tmp_path)


def split(rows: pa.Table, size: int, folder: Path) -> list[Path]:
    """The rows in files of ``size``: each becomes a part."""
    made = []
    for at in range(0, len(rows), size):
        made.append(folder / f"in-{at:06}.parquet")
        pq.write_table(rows.slice(at, size), made[-1])
    return made


def readings(done: Listened) -> pa.Table:
    return pa.concat_tables(pq.read_table(f) for f in sorted((done.folder / "readings").glob("*.parquet")))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.name != "run.json"
    }


def test_every_row_is_kept_or_told(home: Home, files: list[Path]) -> None:
    done = listen(home, files, ASKED, home.listening("a"))
    rows = readings(done)
    assert rows.schema.equals(SCHEMA)
    assert done.rows_in == 600 == done.kept + done.left_out == rows.num_rows + done.left_out
    assert rows.column("id").to_pylist() == [f"y-{i:04}" for i in range(600)]
    assert rows.column("text").null_count == rows.column("topic").null_count == 0
    heads = set(rows.column("copy_of").to_pylist())
    assert heads <= set(rows.column("id").to_pylist())
    assert done.copies == 600 - len(heads) > 50
    told = json.loads((done.folder / "themes.json").read_text(encoding="utf-8"))
    assert len(told) == done.themes
    assert (done.folder / "report.html").stat().st_size > 10_000
    assert not (done.folder / "work").exists()


def test_no_number_is_in_any_byte_of_what_is_written(home: Home, files: list[Path]) -> None:
    done = listen(home, files, ASKED, home.listening("a"))
    said = " ".join(readings(done).column("text").to_pylist())
    assert said.count("[số điện thoại]") > 50
    for table in (readings(done), pq.read_table(done.folder / "rejects.parquet")):
        written = json.dumps(
            table.drop_columns(["key", "hash"] if "key" in table.column_names else []).to_pylist()
        )
        assert not [n for n in NUMBERS if n in written]
    for name, held in bytes_of(home.root).items():
        assert not [n for n in NUMBERS if n.encode() in held], name


def test_the_same_in_one_process_and_in_two(home: Home, files: list[Path], tmp_path: Path) -> None:
    one = listen(home, files, ASKED, tmp_path / "one")
    two = listen(Home(tmp_path / "other"), files, ASKED, tmp_path / "two", workers=2)
    assert readings(one).equals(readings(two))


def test_a_second_time_changes_nothing(home: Home, files: list[Path]) -> None:
    first = listen(home, files, ASKED, home.listening("a"))
    before = bytes_of(first.folder)
    again = listen(home, files, ASKED, home.listening("a"))
    assert again.done_before and not first.done_before
    assert (again.kept, again.told, bytes_of(first.folder)) == (first.kept, first.told, before)


def test_another_run_in_the_same_folder_is_refused(home: Home, files: list[Path], tmp_path: Path) -> None:
    out = home.listening("a")
    listen(home, files, ASKED, out)
    with pytest.raises(Refused) as no:
        listen(home, files, Asked("text"), out)
    assert no.value.code == "other_run"
    assert listen(home, files, Asked("text"), out, again=True).kept == 600
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("của tôi")
    with pytest.raises(Refused) as no:
        listen(home, files, ASKED, tmp_path / "mine")
    assert no.value.code == "not_listened"


def test_an_id_that_comes_twice_is_left_out_and_told(home: Home, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"id": ["a", "b", "a"], "text": ["mất sóng", "sóng tốt", "mất sóng"]}),
        tmp_path / "a.parquet",
    )
    done = listen(home, [tmp_path / "a.parquet"], Asked("text", id="id"), home.listening("a"))
    assert (done.rows_in, done.kept, done.told) == (3, 2, {"same_id": 1})
    told = pq.read_table(done.folder / "rejects.parquet").to_pylist()
    assert told == [{"file": "a.parquet", "row": 3, "column": "id", "code": "same_id"}]


def test_who_asked_to_be_forgotten_is_left_out(home: Home, tmp_path: Path) -> None:
    home.root.mkdir(parents=True)
    home.forgotten.write_text(json.dumps([{"key": 10**15, "on": 20_000, "held": 1}]))
    table = pa.table({"key": [10**15, 10**15 + 1], "text": ["mất sóng hoài", "mất sóng hoài"]})
    pq.write_table(table, tmp_path / "a.parquet")
    done = listen(home, [tmp_path / "a.parquet"], Asked("text", key="key"), home.listening("a"))
    rows = readings(done)
    assert done.told == {"forgotten": 1}
    assert rows.column("id").to_pylist() == rows.column("copy_of").to_pylist() == ["1"]


def test_the_lowest_id_is_the_head_in_whatever_order_they_come(home: Home, tmp_path: Path) -> None:
    said = ["cước tháng này tính sai rồi nhờ kiểm tra lại giúp tôi"] * 3
    for number, ids in enumerate((["9", "10", "2"], ["b", "a", "c"])):
        pq.write_table(pa.table({"id": ids, "text": said}), tmp_path / f"{number}.parquet")
        done = listen(
            home, [tmp_path / f"{number}.parquet"], Asked("text", id="id"), tmp_path / f"out-{number}"
        )
        assert set(readings(done).column("copy_of").to_pylist()) == {"2" if number == 0 else "a"}


@pytest.mark.parametrize("said", [[], [None], [""], ["…", "👍", None], [b"\xff\xfe\x00", b"\x00"]])
def test_next_to_nothing_is_a_good_run(home: Home, tmp_path: Path, said: list[object]) -> None:
    kind = pa.binary() if said and isinstance(said[0], bytes) else pa.string()
    pq.write_table(pa.table({"text": pa.array(said, kind)}), tmp_path / "a.parquet")
    done = listen(home, [tmp_path / "a.parquet"], Asked("text"), home.listening("a"))
    rows = readings(done)
    assert (done.kept, done.left_out, done.copies) == (len(said), 0, 0)
    assert rows.column("id").to_pylist() == [str(i) for i in range(len(said))]


@pytest.mark.slow
def test_killed_and_resumed_without_doing_a_part_twice(home: Home, tmp_path: Path) -> None:
    files = split(opinions(40_000, seed=4), 2_000, tmp_path)
    whole = listen(Home(tmp_path / "whole"), files, ASKED, tmp_path / "whole-out")
    out = home.listening("a")
    command = [
        sys.executable,
        "-m",
        "tantam.cli",
        "listen",
        "run",
        *map(str, files),
        "--home",
        str(home.root),
        "--out",
        "a",
    ]
    command += ["--text", "text", "--id", "id", "--key", "key", "--when", "when", "--where", "where"]
    command += ["--channel", "channel", "--workers", "1"]
    seen: dict[str, int] = {}
    for _ in range(40):
        ran = subprocess.Popen(command, start_new_session=True, env={**os.environ}, stdout=subprocess.DEVNULL)
        count = len(seen)
        while ran.poll() is None and len(list((out / "work").glob("part-*.arrow"))) < count + 2:
            time.sleep(0.01)
        if ran.poll() is None:
            os.killpg(ran.pid, signal.SIGKILL)
            ran.wait()
        now = {f.name: f.stat().st_mtime_ns for f in (out / "work").glob("part-*.arrow")}
        assert all(now.get(name, at) == at for name, at in seen.items()), "a part was done twice"
        seen |= now
        if ran.returncode == 0:
            break
    else:
        pytest.fail("it never ended")
    assert len(seen) >= 4
    rows = pa.concat_tables(pq.read_table(f) for f in sorted((out / "readings").glob("*.parquet")))
    assert rows.equals(readings(whole))


def test_a_part_is_there_whole_or_not_at_all(
    home: Home, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    real = parts.whole

    def failing(path: Path):  # type: ignore[no-untyped-def]
        written.append(path)
        if len(written) == 5:
            raise OSError(28, "No space left on device")
        return real(path)

    monkeypatch.setattr(parts, "whole", failing)
    with pytest.raises(OSError, match="No space"):
        listen(home, files, ASKED, home.listening("a"))
    monkeypatch.undo()
    assert listen(home, files, ASKED, home.listening("a")).kept == 600
