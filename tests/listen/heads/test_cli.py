from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tantam.cli.door import tantam
from tantam.errors import BadInput
from tests.listen.heads.a_head import opinions


def said(*args: object) -> str:
    found = CliRunner().invoke(tantam, ["listen", *map(str, args)], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def labels_file(path: Path, count: int, seed: int = 0) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *zip(*opinions(count, seed), strict=True)])
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    labelled = labels_file(tmp_path / "l.csv", 120)
    said("train", labelled, "--head", "tình cảm", "--out", tmp_path / "m.npz", "--bits", 12)
    return tmp_path / "m.npz"


def test_train_and_eval(model: Path, tmp_path: Path) -> None:
    fresh = labels_file(tmp_path / "dev.csv", 80, seed=3)
    found: dict[str, Any] = json.loads(said("eval", model, fresh, "--json"))
    assert found["n"] == 80 and found["labels"] == ["chê", "khen"]
    assert 0.95 < found["weighted_f1"] <= 1 and 0.95 < found["macro_f1"] <= 1
    shown = said("eval", model, fresh)
    assert "weighted F1" in shown and "khen" in shown


def test_training_twice_writes_the_same_bytes(model: Path, tmp_path: Path) -> None:
    facts = json.loads(
        said(
            "train",
            tmp_path / "l.csv",
            "--head",
            "tình cảm",
            "--out",
            tmp_path / "n.npz",
            "--bits",
            12,
            "--json",
        )
    )
    assert (tmp_path / "n.npz").read_bytes() == model.read_bytes()
    assert facts["n"] == 120 and 0.9 < facts["held_out_macro_f1"] <= 1


def test_a_head_beside_another(model: Path, tmp_path: Path) -> None:
    labelled = labels_file(tmp_path / "k.csv", 60, seed=4)
    said("train", labelled, "--head", "khác", "--with", model, "--out", tmp_path / "two.npz")
    both = json.loads(said("eval", tmp_path / "two.npz", labelled, "--head", "khác", "--json"))
    assert both["head"] == "khác"
    with pytest.raises(BadInput, match="which_head"):
        said("eval", tmp_path / "two.npz", labelled)
    with pytest.raises(BadInput, match="which_head"):
        said("suggest", tmp_path / "k.csv", "--text", "text", "--model", tmp_path / "two.npz")


def test_suggest_is_masked_and_ready_to_be_labelled(model: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(
        "gọi lại cho tôi số 0912345678 nhé\nsóng yếu\n\nrất tốt\n", encoding="utf-8"
    )
    rows = list(csv.DictReader(io.StringIO(said("suggest", tmp_path / "new.txt", "--model", model))))
    assert len(rows) == 3 and all(row["label"] == "" and row["likeliest"] for row in rows)
    assert not any("0912345678" in row["text"] for row in rows)
    said("suggest", tmp_path / "new.txt", "--count", 2, "--out", tmp_path / "to.csv")
    with (tmp_path / "to.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("train", "none.csv", "--head", "x", "--out", "m"), "no_file"),
        (("train", "one.csv", "--head", "x", "--out", "m"), "one_label"),
        (("train", "few.csv", "--head", "x", "--out", "m"), "too_few_rows"),
        (("train", "few.csv", "--head", "x", "--out", "m", "--with", "none.npz"), "no_file"),
        (("eval", "few.csv", "few.csv"), "not_a_model"),
        (("suggest", "few.csv"), "no_text_column"),
    ],
)
def test_refusals(args: tuple[str, ...], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.csv").write_text("text,label\n" + "tốt,a\n" * 30, encoding="utf-8")
    Path("few.csv").write_text("text,label\ntốt,a\ntệ,b\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        said(*args)
    assert refused.value.code == code
    assert not Path("m").exists()
