"""Learned worth from rounds on file, through the terminal: fit, check, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.care.learned.model import read
from tantam.cli.worth import worth
from tantam.errors import BadInput, Refused
from tantam.proof import worth as learning
from tests.a_base import stored
from tests.proof.a_round import OFFER_PPM, ROUND_PPM, Made, make, outcomes_file

RULES = "".join(
    f'[offers.{name}]\nclass = "commercial"\nvi = "Món {name}"\nwho = "true"\ncost = 1000\nvalue = "1"\n'
    for name in ("bonus", "points")
)


def _round(root: Path, people: int = 12_000, salt: str = "s") -> Made:
    made = make(root, stored(people, seed=4), salt=salt)
    _finished(made.directory, f"f{salt}")
    return made


def _finished(directory: Path, fingerprint: str) -> None:
    """What the round of the tests lacks of a real one: chances, an offers file, a fingerprint."""
    table = pq.read_table(directory / "decisions.parquet")
    chance = (1 - ROUND_PPM / 1e6) * (1 - OFFER_PPM / 1e6)
    pq.write_table(
        table.append_column("propensity", pa.array(np.full(table.num_rows, chance))),
        directory / "decisions.parquet",
    )
    facts = json.loads((directory / "round.json").read_text())
    (directory / "round.json").write_text(json.dumps(facts | {"fingerprint": fingerprint}))
    (directory / "offers.toml").write_text(RULES)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Path]:
    root = tmp_path_factory.mktemp("past")
    made = _round(root)
    return made, outcomes_file(made, root / "o.parquet", seed=1)


def test_a_round_teaches_what_its_offers_bring(past: tuple[Made, Path], tmp_path: Path) -> None:
    made, file = past
    words = ["fit", "r", "--outcomes", str(file), "--home", str(made.home.root)]
    texts = []
    for name in ("one.json", "two.json"):
        done = CliRunner().invoke(
            worth, [*words, "--out", str(tmp_path / name), "--json"], catch_exceptions=False
        )
        assert done.exit_code == 0
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1], "the same rounds, the same bytes"
    rows = {row["offer"]: row for row in json.loads(done.output)}
    stay = 55_000  # 20,000 đồng in each of three months, less what those who leave do not spend
    assert rows["points"]["effect_low"] <= stay <= rows["points"]["effect_high"]
    assert rows["points"]["effect_low"] > 40_000
    model = read(tmp_path / "one.json")
    assert [o.name for o in model.enough] == ["bonus", "points"]
    assert model.facts["horizon_days"] == 90
    for key in made.key[:50]:
        assert str(key).encode() not in texts[0], "nobody is in a model"
    told = CliRunner().invoke(worth, ["check", str(tmp_path / "one.json")], catch_exceptions=False).output
    assert "Qini" in told
    assert "Món points" in told


def test_a_check_on_the_same_round_proves_nothing(past: tuple[Made, Path]) -> None:
    made, file = past
    model = learning.fit(made.home, [(made.directory, file)], learning.Asked())
    with pytest.raises(Refused, match="round_seen"):
        learning.check(made.home, model, [(made.directory, file)])


def test_a_check_on_another_round(past: tuple[Made, Path], tmp_path: Path) -> None:
    made, file = past
    model = learning.fit(made.home, [(made.directory, file)], learning.Asked(horizon=60))
    other = _round(tmp_path, salt="t")
    rows = learning.check(
        other.home, model, [(other.directory, outcomes_file(other, tmp_path / "o.parquet", seed=2))]
    )
    points = next(row for row in rows if row["offer"] == "points")
    assert points["enough"]
    assert points["effect_low"] <= 40_000 <= points["effect_high"], "60 days"
    assert points["random_qini_low"] <= points["random_qini"] <= points["random_qini_high"]


def test_several_rounds_are_learned_from_together(past: tuple[Made, Path]) -> None:
    made, file = past
    second = made.directory.with_name("r2")
    second.mkdir(exist_ok=True)
    for part in made.directory.iterdir():
        (second / part.name).write_bytes(part.read_bytes())
    facts = json.loads((second / "round.json").read_text())
    (second / "round.json").write_text(json.dumps(facts | {"fingerprint": "another"}))
    one = learning.fit(made.home, [(made.directory, file)], learning.Asked())
    both = learning.fit(made.home, [(made.directory, file), (second, file)], learning.Asked())
    assert both.offers[0].facts["given_n"] == 2 * one.offers[0].facts["given_n"]
    assert len(both.facts["rounds"]) == 2
    with pytest.raises(BadInput, match="round_twice"):
        learning.fit(made.home, [(made.directory, file)] * 2, learning.Asked())


def test_few_people_are_an_answer_and_not_an_error(tmp_path: Path) -> None:
    made = _round(tmp_path, 2000)
    file = outcomes_file(made, tmp_path / "o.parquet", seed=1)
    model = learning.fit(made.home, [(made.directory, file)], learning.Asked())
    assert model.enough == ()
    assert [row["enough"] for row in learning.told(model)] == [False, False]


def test_a_yes_is_worth_what_is_said(past: tuple[Made, Path]) -> None:
    made, file = past
    model = learning.fit(made.home, [(made.directory, file)], learning.Asked("active", None, 1_000_000))
    bonus = model.offers[0].facts
    assert bonus["effect_low"] <= 30_000 <= bonus["effect_high"], "three in a hundred stay"


def test_who_was_forgotten_teaches_nothing(past: tuple[Made, Path], tmp_path: Path) -> None:
    made = _round(tmp_path, 3000, "u")
    file = outcomes_file(made, tmp_path / "o.parquet", seed=1)
    before, _ = learning.read(made.home, [(made.directory, file)], learning.Asked())
    gone = int(before[0].key[0])
    made.home.forgotten.write_text(json.dumps([{"key": gone, "on": 1, "held": 1}]))
    after, _ = learning.read(made.home, [(made.directory, file)], learning.Asked())
    assert gone not in after[0].key
    assert after[0].key.size == before[0].key.size - 1


def test_a_horizon_that_is_not_reached_is_refused(tmp_path: Path) -> None:
    made = _round(tmp_path, 2000)
    file = outcomes_file(made, tmp_path / "o.parquet", seed=1, days=30)
    with pytest.raises(BadInput, match="horizon_not_reached"):
        learning.fit(made.home, [(made.directory, file)], learning.Asked(horizon=90))
    assert learning.fit(made.home, [(made.directory, file)], learning.Asked()).facts["horizon_days"] == 30


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    for text in ("", "[]", '{"format": "else"}'):
        file.write_text(text)
        with pytest.raises(BadInput, match="no_model"):
            read(file)
    file.write_text('{"format": "tantam worth", "version": 1, "features": 99}')
    with pytest.raises(BadInput, match="other_model"):
        read(file)
