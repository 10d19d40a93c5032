"""The demo listens to its own operator and says in a few lines what it heard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tantam.cli import demo_listen
from tests.a_base import home_with, stored


def test_it_listens_to_its_subscribers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_listen, "OPINIONS", 3_000)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    home = home_with(tmp_path, stored(2_000, 1))
    folder = demo_listen.listen(home, 1)
    assert folder == home.listening("opinions") and (folder / "report.html").exists()
    said = pq.read_table(tmp_path / "opinions.parquet", columns=["id", "key"])
    read = pq.read_table(folder / "readings", columns=["id", "key"])
    assert read.sort_by("id").equals(said)
    first, *lines = demo_listen.told(folder)
    assert first.startswith("3.000 lời · opinions, ") and 2 <= len(lines) <= 3
    assert lines[0].startswith("Nặng nhất · heaviest: ") and "người · people" in lines[0]


def _folder(at: Path, *themes: dict[str, Any]) -> Path:
    told = [
        {
            "count": 9,
            "people": 9,
            "share_complaint": 1.0,
            "quotes": [],
            "rising": None,
            "hidden": False,
            **theme,
        }
        for theme in themes
    ]
    (at / "themes.json").write_text(json.dumps(told))
    (at / "run.json").write_text(json.dumps({"figures": {"kept": 20, "copies": 3}}))
    return at


def test_what_weighs_most_and_what_rises(tmp_path: Path) -> None:
    quote = {"text": "tự gia hạn trừ tiền " * 20, "people": 4}
    lines = demo_listen.told(
        _folder(
            tmp_path,
            {"label": "khen", "people": 90, "share_complaint": 0.0},
            {"label": "gia hạn", "people": 30, "rising": True, "quotes": [quote]},
            {"label": "giấu", "people": 900, "hidden": True},
            {"label": "không ai nói", "count": 0, "people": 0, "share_complaint": None},
        )
    )
    assert lines[0] == "20 lời · opinions, 3 là bản lặp đã gộp · copies folded, 2 chủ đề · themes"
    assert lines[1].startswith("Nặng nhất · heaviest: gia hạn, 30 người · people: “tự gia hạn trừ")
    assert (
        lines[2].startswith("Đang lên · rising: gia hạn") and lines[2].endswith(" …”") and len(lines[2]) < 160
    )


def test_when_nothing_rises_it_says_so(tmp_path: Path) -> None:
    assert "nothing rises" in demo_listen.told(_folder(tmp_path))[-1]
    assert "nothing rises" in demo_listen.told(_folder(tmp_path, {"label": "sóng"}))[-1]
