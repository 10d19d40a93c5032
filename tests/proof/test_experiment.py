"""Any experiment on file: read as it comes, every arm and outcome, the real ones against their published means."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.cli.prove import prove as command
from tantam.errors import BadInput
from tantam.proof import experiment

N = 3_000


def write(file: Path, seed: int = 1) -> dict[str, list[object]]:
    """Three arms: A adds 2 to the amount, B does nothing; a share; history that explains most."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(["none", "A", "B"], N)
    history = rng.gamma(2, 5, N)
    columns: dict[str, list[object]] = {
        "arm": arm.tolist(),
        "amount": (history + 2.0 * (arm == "A") + rng.normal(size=N)).tolist(),
        "bought": (rng.random(N) < 0.1 + 0.08 * (arm == "A")).astype(int).tolist(),
        "history": [None if u < 0.1 else h for u, h in zip(rng.random(N), history.tolist(), strict=True)],
        "town": rng.choice(["Huế", "Đà Nẵng", "Hà Nội"], N).tolist(),
    }
    if file.suffix == ".parquet":
        pq.write_table(pa.table(columns), file)
    else:
        opener = gzip.open if file.suffix == ".gz" else open
        with opener(file, "wt", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(columns)
            rows.writerows(
                ["" if v is None else v for v in row] for row in zip(*columns.values(), strict=True)
            )
    return columns


def rows_of(file: Path, *before: str) -> dict[tuple[str, str], experiment.Row]:
    read = experiment.read(file, "arm", ["amount", "bought"], before)
    return {(r["arm"], r["outcome"]): r for r in experiment.prove(read, "none")}


def test_every_arm_against_the_control(tmp_path: Path) -> None:
    columns = write(tmp_path / "e.csv")
    rows = rows_of(tmp_path / "e.csv")
    assert set(rows) == {("A", "amount"), ("A", "bought"), ("B", "amount"), ("B", "bought")}
    arm, amount = np.array(columns["arm"]), np.array(columns["amount"], float)
    plain = rows["A", "amount"]
    assert plain["effect"] == pytest.approx(amount[arm == "A"].mean() - amount[arm == "none"].mean())
    assert (plain["treated_n"], plain["control_n"]) == ((arm == "A").sum(), (arm == "none").sum())
    assert plain["treated_mean"] == pytest.approx(amount[arm == "A"].mean())
    assert plain["estimand"] == "against none" and plain["offer"] == "A"
    assert rows["A", "bought"]["p_adjusted"] < 0.05 < rows["B", "bought"]["p_adjusted"]
    assert "chưa thấy khác biệt" in rows["B", "bought"]["sentence_vi"]
    assert " điểm %" in rows["A", "bought"]["sentence_vi"] and "điểm %" not in plain["sentence_vi"]


def test_history_narrows_the_interval(tmp_path: Path) -> None:
    write(tmp_path / "e.csv")
    plain, sharp = rows_of(tmp_path / "e.csv"), rows_of(tmp_path / "e.csv", "history", "town")
    width = [r["A", "amount"]["high"] - r["A", "amount"]["low"] for r in (plain, sharp)]
    assert sharp["A", "amount"]["covariates"] == 4, "history, whether it is missing, and two of three towns"
    assert width[1] < 0.6 * width[0]
    assert sharp["A", "amount"]["low"] < 2 < sharp["A", "amount"]["high"]


def test_every_kind_of_file_says_the_same(tmp_path: Path) -> None:
    for name in ("e.csv", "e.csv.gz", "e.parquet"):
        write(tmp_path / name)
    one, two, three = (rows_of(tmp_path / n, "history", "town") for n in ("e.csv", "e.csv.gz", "e.parquet"))
    assert one == two
    for key, row in one.items():
        assert three[key]["effect"] == pytest.approx(row["effect"])


def test_missing_values_are_left_out_where_they_are(tmp_path: Path) -> None:
    rows = ["arm,y,z"] + [f"{'a' if i % 2 else 'c'},{i % 7},{'' if i < 40 else i % 3}" for i in range(600)]
    rows += [",1,1"] * 5
    (tmp_path / "e.csv").write_text("\n".join(rows) + "\n")
    read = experiment.read(tmp_path / "e.csv", "arm", ["y", "z"], [])
    assert read.without_arm == 5
    found = {r["outcome"]: r for r in experiment.prove(read, "c")}
    assert found["y"]["treated_n"] == 300 and found["z"]["treated_n"] == 280


def test_too_few_is_no_answer(tmp_path: Path) -> None:
    rows = ["arm,y"] + [f"{'a' if i < 99 else 'c'},{i % 7}" for i in range(600)]
    (tmp_path / "e.csv").write_text("\n".join(rows) + "\n")
    (row,) = experiment.prove(experiment.read(tmp_path / "e.csv", "arm", ["y"], []), "c")
    assert not row["enough"] and row["effect"] is None and "chưa đủ dữ liệu" in row["sentence_vi"]


@pytest.mark.parametrize(
    ("body", "control", "code"),
    [
        ("arm,y\na,1\nc,2\n", "b", "no_such_arm"),
        ("arm,y\nc,1\nc,2\n", "c", "one_arm"),
        ("arm,y\na,few\nc,2\n", "c", "not_a_number"),
        ("group,y\na,1\n", "c", "missing_column"),
        ("arm,y\n" + "".join(f"{i},1\n" for i in range(60)), "0", "many_arms"),
    ],
)
def test_refuses_with_a_reason(tmp_path: Path, body: str, control: str, code: str) -> None:
    (tmp_path / "e.csv").write_text(body)
    with pytest.raises(BadInput) as caught:
        experiment.prove(experiment.read(tmp_path / "e.csv", "arm", ["y"], []), control)
    assert caught.value.code == code and caught.value.do


def test_a_column_has_one_part_to_play(tmp_path: Path) -> None:
    write(tmp_path / "e.csv")
    with pytest.raises(BadInput) as caught:
        experiment.read(tmp_path / "e.csv", "arm", ["amount"], ["amount"])
    assert caught.value.code == "column_twice"


def test_arms_written_as_numbers_are_found(tmp_path: Path) -> None:
    table = pa.table({"t": [1.0, 0.0] * 200, "y": list(range(400))})
    pq.write_table(table, tmp_path / "e.parquet")
    (row,) = experiment.prove(experiment.read(tmp_path / "e.parquet", "t", ["y"], []), "0")
    assert row["control_n"] == 200 and row["estimand"] == "against 0"


def test_the_command_prints_json_and_sentences(tmp_path: Path) -> None:
    write(tmp_path / "e.csv")
    asked = [
        "--experiment",
        str(tmp_path / "e.csv"),
        "--arm",
        "arm",
        "--control",
        "none",
        "--outcome",
        "bought",
    ]
    told = CliRunner().invoke(command, asked)
    assert told.exit_code == 0 and "điểm %" in told.output and "95% interval" in told.output
    data = json.loads(CliRunner().invoke(command, [*asked, "--json"]).output)
    assert [r["arm"] for r in data] == ["A", "B"] and data[0]["low"] < data[0]["effect"] < data[0]["high"]
    assert CliRunner().invoke(command, asked[:4]).exit_code == 2


def real(name: str) -> Path:
    folder = os.environ.get("TANTAM_DATA")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"TANTAM_DATA is unset or has no {name}: real experiments are not looked at")
    return Path(folder) / name


def test_hillstrom_against_its_published_means() -> None:
    """Published for all 64,000: visit .1514 and .1828 against .1062; conversion .00884, .01253, .00573; spend 1.0772,
    1.4226, .6528."""
    published = {
        ("Womens E-Mail", "visit"): (0.1514 - 0.1062),
        ("Mens E-Mail", "visit"): (0.1828 - 0.1062),
        ("Womens E-Mail", "conversion"): (0.00884 - 0.00573),
        ("Mens E-Mail", "conversion"): (0.01253 - 0.00573),
        ("Womens E-Mail", "spend"): (1.0772 - 0.6528),
        ("Mens E-Mail", "spend"): (1.4226 - 0.6528),
    }
    (file,) = real("hillstrom-email").glob("*.csv")
    read = experiment.read(file, "segment", ["visit", "conversion", "spend"], ["history", "recency"])
    rows = {(r["arm"], r["outcome"]): r for r in experiment.prove(read, "No E-Mail")}
    assert set(rows) == set(published)
    for key, effect in published.items():
        assert rows[key]["low"] < effect < rows[key]["high"] and rows[key]["p_adjusted"] < 0.05


def test_the_information_trial_against_its_published_means() -> None:
    """Published: 4,972 treated at .2037, 5,028 control at .1955: no difference on average."""
    file = real("information-rct") / "train.csv.gz"
    (row,) = experiment.prove(experiment.read(file, "TREATMENT", ["PURCHASE"], []), "0")
    assert (row["treated_n"], row["control_n"]) == (4_972, 5_028)
    assert row["effect"] == pytest.approx(0.2037 - 0.1955, abs=1e-4)
    assert row["low"] < 0 < row["high"]
