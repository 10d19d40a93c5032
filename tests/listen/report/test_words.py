"""Sentences, hostile words and small numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.columns import CODES
from tantam.listen.report import quality, words
from tantam.listen.report.counts import Cell, Counts
from tantam.look.words import Words
from tests.listen.report.a_listening import PLAN

VI, EN = Words("vi"), Words("en")
HARD = "\u00a0"


def of(rows: int, complaints: int, **more: object) -> Counts:
    cells = (
        Cell(("network",), "negative", True, "normal", (), True, complaints),
        Cell(("thanks",), "positive", False, "low", (), True, rows - complaints),
    )
    return Counts(rows=rows, people=rows, keyed=rows, cells=cells, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("c", "theme", "rising", "judged", "vi", "en"),
    [
        (Counts(), "", [], False, "Chưa có ý kiến nào.", "No opinions yet."),
        (of(2_000, 942), "", [], False, "2.000 ý kiến của 2.000 người, 47,1 % là phàn nàn.",
         "2,000 opinions of 2,000 people, 47.1% are complaints."),
        (of(11, 7), "A", [], False, "11 ý kiến của 11 người, 7 trong 11 là phàn nàn. Nặng nhất: “A”.",
         "11 opinions of 11 people, 7 in 11 are complaints. The heaviest: “A”."),
        (of(40, 0), "A", [], True,
         "40 ý kiến của 40 người, không lời phàn nàn nào. Nặng nhất: “A”; tuần này không gì tăng rõ.",
         "40 opinions of 40 people, no complaint among them. The heaviest: “A”; nothing clearly rises this week."),
        (of(40, 20), "A", ["A"], True,
         "40 ý kiến của 40 người, 50,0 % là phàn nàn. Nặng nhất, và đang tăng: “A”.",
         "40 opinions of 40 people, 50.0% are complaints. The heaviest theme, and rising: “A”."),
        (of(40, 20), "A", ["B"], True,
         "40 ý kiến của 40 người, 50,0 % là phàn nàn. Nặng nhất: “A”; đang tăng: “B”.",
         "40 opinions of 40 people, 50.0% are complaints. The heaviest: “A”; rising: “B”."),
        (of(40, 20), "A", ["A", "B"], True,
         "40 ý kiến của 40 người, 50,0 % là phàn nàn. Nặng nhất: “A”; tuần này 2 chủ đề tăng.",
         "40 opinions of 40 people, 50.0% are complaints. The heaviest: “A”; 2 themes rise this week."),
    ],
)  # fmt: skip
def test_the_answer(c: Counts, theme: str, rising: list[str], judged: bool, vi: str, en: str) -> None:
    said = {w.lang: " ".join(words.answer(c, theme, rising, judged, w)).replace(HARD, " ") for w in (VI, EN)}
    assert said == {"vi": vi, "en": en}


def test_without_keys_people_are_not_claimed() -> None:
    c = Counts(rows=40, people=40, keyed=0, cells=of(40, 20).cells)
    assert words.answer(c, "", [], False, VI) == [f"40 ý kiến, 50,0{HARD}% là phàn nàn."]
    assert "mỗi ý kiến tính là một người" in words.note(c, [], VI)
    assert "--when" in words.note(c, [], VI) and "--when" in words.note(c, [], EN)


@pytest.mark.parametrize(
    ("part", "whole", "vi"),
    [
        (2, 4, "–"),
        (3, 11, "dưới 5 trong 11"),
        (0, 11, "0 trong 11"),
        (7, 11, "7 trong 11"),
        (3, 300, "1,0 %"),
    ],
)
def test_few_are_not_counted_out(part: int, whole: int, vi: str) -> None:
    assert words.share_of(part, whole, VI).replace(HARD, " ") == vi


@given(st.text(max_size=600), st.integers(2, 300))
def test_somebody_else_s_words_are_one_short_line_without_hidden_letters(text: str, most: int) -> None:
    shown = words.said(text, most)
    assert len(shown) <= most + 1 and shown == " ".join(shown.split())
    assert not set(shown) & {chr(c) for c in (*range(32), *range(0x7F, 0xA0), *range(0x200B, 0x2010))}
    assert not set(shown) & {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
    shown.encode("utf-8")


def test_lone_surrogates_and_turned_text_are_harmless() -> None:
    assert words.said("a\ud800b\u202ec\x00d") == "a?b c d"
    assert words.said("một hai ba bốn năm", 12) == "một hai ba …"
    assert words.said("x" * 50, 10) == "x" * 9 + " …"


def test_every_code_has_its_words_in_both_languages() -> None:
    assert set(words.REASONS) == set(CODES)
    told = words.left_out({"when_unreadable": 9, "same_id": 2, "a_new_code": 1, "forgotten": 0}, VI)
    assert [n for _, n in told] == [2, 9, 1] and told[2][0] == "A_new_code"


def test_the_command_can_be_typed_again() -> None:
    assert words.command(PLAN) == [
        "tantam listen run", "'sms thang 11.csv'", "app.parquet", "--text noi_dung", "--key ma_tb", "--when ngay",
        "--where tinh", "--channel kenh", "--out DIR",
    ]  # fmt: skip
    many = words.command({"files": [[f"/x/{i}.csv"] for i in range(9)]})
    assert many == ["tantam listen run", "0.csv", "1.csv", "…", "--out DIR"]
    assert words.command({})[1] == "FILE…"
    assert words.command({"files": [["/x/it's.csv"]]})[1] == "'it'\\''s.csv'"
    assert "0912345678" not in " ".join(words.command({"files": [["/x/sms 0912345678.csv"]]}))


def test_the_model_is_measured_only_if_it_is_the_one_that_read() -> None:
    own = quality.facts({"model": "0123456789abcdef"}, VI)
    assert own == [("Mô hình của riêng bạn, dấu", "0123456789abcdef")]
    lines = quality.facts(PLAN, EN)
    assert len(lines) == 5 and all(f"of{HARD}" in value and "F1" in value for _, value in lines[1:])
