"""Killed while it takes in a file, again and again, and at last let be: as if it had never been stopped."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS, KILLS = 12_000, 4
TABLES = {
    "measurement": "line, indicator, to_on, place, value, n, good_count, method",
    "reject": "line, column, code, value",
    "cell": "indicator, place, month, rows_count, provinces_count, n, value, low, high",
    "load": "rows_count, kept_count, rejected_count, done_at IS NULL",
}


def run(home: Path, *words: object) -> str:
    done = subprocess.run(
        command(home, *words), capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(home: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "tantam.cli", *map(str, words), "--home", str(home)]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANTAM_")}
    return {**kept, "TANTAM_LOG": "error"}


def asked(home: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "office.sqlite3") as office:
        return office.execute(query).fetchall()


def everything(home: Path) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: asked(home, f'SELECT {columns.replace("column", chr(34) + "column" + chr(34))} FROM quality_{table} '
                           "ORDER BY 1, 2, 3, 4")
        for table, columns in TABLES.items()
    }  # fmt: skip


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    draw = random.Random(4)
    lines = ["indicator,month,place,value,n,good,method"]
    for number in range(ROWS):
        n, month = draw.randrange(1000, 9000), number % 60
        good = draw.randrange(n // 50)
        place = draw.choice(["Khánh Hòa", "Phú Yên", "79", "Cà Mau", "Sao Hỏa"])
        lines.append(f"call_drop,{2020 + month // 12}-{month % 12 + 1:02d},{place},,{n},{good},{number}")
    path = tmp_path_factory.mktemp("file") / "so-do.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_killed_again_and_again(tmp_path: Path, file: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for home in (killed, whole):
        run(home, "office", "migrate")
    draw = random.Random(9)
    for _ in range(KILLS):
        before = asked(killed, "SELECT coalesce(sum(rows_count), 0) FROM quality_load")[0][0]
        going = subprocess.Popen(command(killed, "quality", "load", file, "--by", "self"), env=environment())
        further = before + draw.randrange(500, 3000)
        while going.poll() is None:
            if asked(killed, "SELECT coalesce(sum(rows_count), 0) FROM quality_load")[0][0] >= further:
                going.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)
        assert going.wait() == -signal.SIGKILL
    assert not asked(killed, "SELECT 1 FROM quality_cell")  # half a file shows no figure
    found = [
        json.loads(run(home, "quality", "load", file, "--by", "self", "--json")) for home in (killed, whole)
    ]
    assert found[0] == found[1] and found[0]["kept"] + found[0]["rejected"] == ROWS
    assert everything(killed) == everything(whole)
    assert asked(killed, "SELECT count(*) FROM journal_entry WHERE act = 'quality.taken_in'") == [(1,)]
    assert "Đã nhận từ trước" in run(killed, "quality", "load", file, "--by", "self")
    assert run(killed, "quality", "judge", "2024-12") == "12/2024: không có cam kết · no pledge\n"
