"""Made-up opinions: they fit their speakers, are the same for a seed, and hold the dirt and the copies they promise."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam import places
from tantam.base.home import Home
from tantam.cli.sample import sample
from tantam.errors import BadInput
from tantam.listen.columns import FEELINGS, TOPICS, URGENCIES
from tantam.sample import opinions
from tantam.sample.opinions import grammar, inbox, speakers, spelling
from tests.a_base import CODES, ON, home_with, stored

N = 30_000
BASE = 20_000


@pytest.fixture(scope="module")
def base() -> pa.Table:
    return stored(BASE, 3)


@pytest.fixture(scope="module")
def home(base: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("home"), base)


@pytest.fixture(scope="module")
def made(home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, pa.Table, inbox.Written]:
    folder = tmp_path_factory.mktemp("made")
    told = opinions.write(home, N, 5, folder / "o.parquet", folder / "t.parquet")
    return pq.read_table(folder / "o.parquet"), pq.read_table(folder / "t.parquet"), told


def told(table: pa.Table, **is_: object) -> np.ndarray:
    """Where each named column has the value."""
    rows = np.ones(table.num_rows, bool)
    for name, value in is_.items():
        rows &= np.array([v == value for v in table[name].to_pylist()])
    return rows


def test_columns_days_and_ids(made: tuple[pa.Table, pa.Table, inbox.Written], base: pa.Table) -> None:
    table, truth, _ = made
    assert table.schema == inbox.SCHEMA and truth.schema == inbox.TRUTH and table.num_rows == N
    assert len(set(table["id"].to_pylist())) == N and table["id"].equals(truth["id"])
    days = table["when"].cast(pa.int32()).to_numpy()
    assert days.min() == ON - 90 and days.max() == ON and (np.diff(days) >= 0).all()
    keys = table["key"].drop_null()
    assert 0.1 < 1 - len(keys) / N < 0.3 and pc.all(pc.is_in(keys, base["key"])).as_py()
    assert set(table["channel"].to_pylist()) == {"sms", "call", "café", "app", "web", "letter"}


def test_truth_speaks_the_words_of_listening(made: tuple[pa.Table, pa.Table, inbox.Written]) -> None:
    _, truth, _ = made
    topics = {t for cell in truth["topic"].unique().to_pylist() for t in cell.split("|")}
    assert topics == set(TOPICS)
    assert set(truth["feeling"].to_pylist()) == set(FEELINGS)
    assert set(truth["urgency"].to_pylist()) == set(URGENCIES)
    assert set(truth["register"].to_pylist()) == set(grammar.REGISTERS)


def test_what_is_said_fits_the_speaker(
    made: tuple[pa.Table, pa.Table, inbox.Written], base: pa.Table
) -> None:
    table, truth, _ = made
    own = told(truth, campaign=None) & ~np.array(table["key"].is_null())
    row = {key: i for i, key in enumerate(base["key"].to_pylist())}
    columns = {
        name: base[name].to_pylist() for name in ("plan_kind", "province", "born_on", "promotion_ended_on")
    }
    days = table["when"].cast(pa.int32()).to_pylist()
    seen: set[str] = set()
    for i in np.flatnonzero(own).tolist():
        at = row[table["key"][i].as_py()]
        who = {name: column[at] for name, column in columns.items()}
        matter, register = truth["matter"][i].as_py(), truth["register"][i].as_py()
        seen.add(matter)
        if matter == "bill_jump":
            assert who["plan_kind"] == "postpaid"
        if matter in ("charge_wrong", "topup_fail"):
            assert who["plan_kind"] == "prepaid"
        if matter == "signal_far":
            assert places.today(who["province"]).name in FAR
        if matter == "promo_gone":
            assert 0 < days[i] - who["promotion_ended_on"] <= speakers.AFTER_PROMOTION
        if register == "elder":
            assert ON - who["born_on"] >= 60 * 365
        if register == "teencode" and who["born_on"] is not None:
            assert ON - who["born_on"] < 61 * 366
    assert {"bill_jump", "charge_wrong", "signal_far", "promo_gone"} <= seen


FAR = {
    "Cao Bằng", "Tuyên Quang", "Điện Biên", "Lai Châu", "Sơn La", "Lào Cai", "Thái Nguyên", "Lạng Sơn", "Quảng Ninh",
    "Phú Thọ", "Thanh Hóa", "Nghệ An", "Quảng Trị", "Đà Nẵng", "Quảng Ngãi", "Gia Lai", "Đắk Lắk", "Lâm Đồng",
}  # fmt: skip


def test_places_are_those_of_the_speakers(
    made: tuple[pa.Table, pa.Table, inbox.Written], base: pa.Table
) -> None:
    table, _, _ = made
    home_of = dict(zip(base["key"].to_pylist(), base["province"].to_pylist(), strict=True))
    pairs = zip(table["key"].to_pylist(), table["where"].to_pylist(), strict=True)
    right = [
        found is not None and places.today(found.code).code == home_of[key]
        for key, where in pairs
        if key is not None and where is not None
        for found in [places.find(where)]
    ]
    assert 0.9 < np.mean(right) < 1.0  # the rest are slips of the finger
    assert {"Kiên Giang", "kien giang"} <= set(table["where"].to_pylist())


def test_dirt_is_there(made: tuple[pa.Table, pa.Table, inbox.Written]) -> None:
    table, _, _ = made
    texts = table["text"].to_pylist()
    plain = [t.isascii() for t in texts]
    assert 0.1 < np.mean(plain) < 0.5
    assert any(unicodedata.normalize("NFC", t) != t for t in texts)
    for dirt in (
        "khách_hàng|nhà_mạng|tin_nhắn",
        "[ăâđ]?quáaa",
        "\\bko\\b",
        "😡",
        "dduowjc|dduowcj|khoong",
        "\\bnỏ\\b",
        "hông",
    ):
        assert any(re.search(dirt, t) for t in texts), dirt
    assert any(t.isupper() and len(t) > 40 for t in texts) and "" in texts
    assert not any("{" in t or ".." in t.replace("...", "") for t in texts)
    lengths = np.array([len(t.split()) for t in texts])
    assert 18 < lengths.mean() < 30 and lengths.max() < 100


def test_planted_words_stand_in_the_text(made: tuple[pa.Table, pa.Table, inbox.Written]) -> None:
    table, truth, _ = made
    both = [(t, p) for t, p in zip(table["text"].to_pylist(), truth["planted"].to_pylist(), strict=True) if p]
    assert 0.04 < len(both) / N < 0.12
    for text, planted in both:
        for word in planted.split("|"):
            assert word in text or word.capitalize() in text
    unplanted = [
        t for t, p in zip(table["text"].to_pylist(), truth["planted"].to_pylist(), strict=True) if not p
    ]
    assert not any(re.search(r"\d{7}|@", t) for t in unplanted)


def test_copies_go_round(made: tuple[pa.Table, pa.Table, inbox.Written]) -> None:
    table, truth, _ = made
    copied = truth.filter(pc.is_valid(truth["campaign"]))
    assert 0.05 < copied.num_rows / N < 0.09
    counts = copied.group_by("campaign").aggregate([("id", "count")])["id_count"].to_numpy()
    assert counts.max() > 100
    texts = table.filter(pc.is_valid(truth["campaign"]))["text"]
    most = pc.value_counts(texts).field("counts").to_numpy().max()
    assert most > 50 and len(texts.unique()) > 2 * len(counts)


def test_one_matter_rises_in_the_last_week(made: tuple[pa.Table, pa.Table, inbox.Written]) -> None:
    table, truth, written = made
    days = table["when"].cast(pa.int32()).to_numpy()
    speaks = told(truth, matter=written.rising)
    last = days > ON - 7
    assert set(written.provinces) <= set(CODES) and len(written.provinces) == 5
    assert (speaks & last).sum() / last.sum() > 4 * (speaks & ~last).sum() / (~last).sum()
    rising = np.array(truth["rising"].to_pylist())
    assert rising.any() and (rising <= (speaks & last)).all()


def test_the_same_seed_gives_the_same_bytes(home: Home, tmp_path: Path) -> None:
    for name in ("a", "b"):
        opinions.write(home, 2_000, 9, tmp_path / f"{name}.parquet", tmp_path / f"{name}-truth.csv")
    opinions.write(home, 2_000, 10, tmp_path / "c.parquet")
    a, b, c = ((tmp_path / f"{name}.parquet").read_bytes() for name in "abc")
    assert a == b != c
    assert (tmp_path / "a-truth.csv").read_bytes() == (tmp_path / "b-truth.csv").read_bytes()


def test_order_of_the_base_does_not_matter(base: pa.Table, home: Home, tmp_path: Path) -> None:
    turned = home_with(tmp_path / "turned", base.take(pa.array(np.arange(BASE)[::-1])))
    opinions.write(home, 1_000, 2, tmp_path / "a.parquet")
    opinions.write(turned, 1_000, 2, tmp_path / "b.parquet")
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))


def test_many_batches(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "ROWS", 700)
    shares: list[float] = []
    opinions.write(home, 3_000, 1, tmp_path / "o.csv", progress=lambda stage, share: shares.append(share))
    table = pacsv.read_csv(tmp_path / "o.csv")
    assert table.num_rows == 3_000 and len(table["id"].unique()) == 3_000
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) == 5


@pytest.mark.parametrize("people", [1, 7])
def test_a_tiny_base_speaks_too(people: int, tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", stored(people, 1))
    opinions.write(home, 50, 1, tmp_path / "o.parquet")
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 50


@pytest.mark.parametrize(
    ("n", "file", "code"),
    [(0, "o.csv", "bad_count"), (10**12, "o.csv", "bad_count"), (5, "o.xlsx", "bad_suffix")],
)
def test_what_cannot_be_made_is_refused(home: Home, n: int, file: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        opinions.write(home, n, 1, tmp_path / file)
    assert caught.value.code == code and not list(tmp_path.iterdir())


def test_nobody_speaks_without_a_base(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        opinions.write(Home(tmp_path), 5, 1, tmp_path / "o.csv")
    assert caught.value.code == "no_base"
    with pytest.raises(BadInput) as caught:
        opinions.write(home_with(tmp_path / "empty", stored(5).slice(0, 0)), 5, 1, tmp_path / "o.csv")
    assert caught.value.code == "no_base"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("được", "dduowcj"),
        ("Đường", "Dduowngf"),
        ("không có sóng", "khoong cos songs"),
        ("4G rất chậm 20k", "4G raats chaamj 20k"),
        ("hoà, hòa", "hoaf, hoaf"),
    ],
)
def test_keystrokes(text: str, keys: str) -> None:
    assert spelling.keystrokes(text) == keys


def test_no_frame_is_one_of_the_labelled_opinions() -> None:
    """The demo and the tests would measure nothing on texts that the model was taught."""
    from importlib.resources import files

    labelled = (files("tantam.listen.telecom") / "opinions.csv").read_text(encoding="utf-8").lower()
    for matter in grammar._toml("matters.toml")["matter"]:
        for frame in (*matter.get("what", ()), *matter.get("then", ())):
            longest = max(re.split(r"\{\w+\}", frame), key=len).strip().lower()
            assert len(longest.split()) < 7 or longest not in labelled, frame


def test_command(home: Home, tmp_path: Path) -> None:
    words = ["opinions", "--base", str(home.root), "-n", "1_000", "--seed", "4"]
    result = CliRunner().invoke(
        sample, [*words, "--out", str(tmp_path / "o.csv"), "--json"], catch_exceptions=False
    )
    figures = json.loads(result.stdout)
    assert figures["rows"] == 1_000 and figures["file"] == str(tmp_path / "o.csv")
    result = CliRunner().invoke(
        sample, [*words, "--out", str(tmp_path / "o.parquet")], catch_exceptions=False
    )
    assert "1,000 made-up opinions" in result.stdout and "tantam listen run" in result.stdout
