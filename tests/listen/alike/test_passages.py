"""Articles with the faults of real ones: twice in one file, cut into words, spun, with adverts and page furniture."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.alike import Repeats, contained
from tantam.listen.alike.aligning import common_words
from tantam.listen.alike.chrome import is_chrome
from tantam.listen.alike.passages import COPY, MOST_PIECES, SIMILAR, WITHIN, split
from tantam.listen.clean import tokenize

HERE = Path(__file__).parent
PAGE, SPUN, TWICE = (
    (HERE / f"article_{name}.txt").read_text(encoding="utf-8") for name in ("page", "spun", "twice")
)
TEXTS = [PAGE, SPUN, TWICE]


@pytest.fixture(scope="module")
def found() -> Repeats:
    return contained(TEXTS)


def _raw(found: Repeats, i: int) -> str:
    passage = found.passages[i]
    return TEXTS[passage.text][passage.start : passage.end]


def _starting(found: Repeats, start: str) -> int:
    return next(i for i in range(len(found.passages)) if _raw(found, i).startswith(start))


def test_an_article_present_twice_is_there_once(found: Repeats) -> None:
    """Word-segmented, with the byline glued to its second beginning: everything in it is a copy or holds one."""
    segmented = [(i, p) for i, p in enumerate(found.passages) if p.text == 2]
    new = [i for i, p in segmented if p.copy_of == i]
    assert [_raw(found, i)[:14] for i in new] == ["Đội cũng hướng"], (
        "the sentence that the advert broke is whole here"
    )
    assert found.passages[_starting(found, "Mai_Linh_Theo_Báo_Vùng_Cao_Sáng")].copy_of == _starting(
        found, "Sáng thứ bảy"
    )


def test_spun_words_and_other_spellings_of_names_fold(found: Repeats) -> None:
    for spun, original in (
        ("Sáng thứ bảy vừa rồi", "Sáng thứ bảy vừa qua"),  # Đăk Lăk, Đắk Lắk
        ("Theo bà Đỗ Thuý Hòa", "Theo bà Đỗ Thúy Hoà"),
        ("Cụ kể rằng chiếc điện thoại cũ là phương cách", "Cụ kể rằng chiếc điện thoại cũ là cách"),
    ):
        assert found.passages[_starting(found, spun)].copy_of == _starting(found, original)


def test_passages_swallowed_whole_are_found_with_their_place(found: Repeats) -> None:
    places = {
        _raw(found, r.part)[:13]: TEXTS[found.passages[r.whole].text][r.start : r.end]
        for r in found.repeats
        if r.kind == "contained"
    }
    assert places == {
        "Đội cũng hướn": "Đội cũng hướng_dẫn bà_con cách chặn cuộc_gọi lừa_đảo , cách đọc tin_nhắn trừ cước và",
        "cách tự tắt n": "cách tự tắt những dịch_vụ không còn dùng tới",
        "Sang năm, đội": "sang năm, đội dự định tới thêm mười hai xã và mang theo máy đo sóng "
        "để ghi lại những điểm gọi hay rớt",
    }


def test_the_advert_and_the_comment_box_are_no_text(found: Repeats) -> None:
    chrome = [_raw(found, i) for i, p in enumerate(found.passages) if p.chrome]
    assert chrome == [
        "Bạn đang cần tăng khách hàng?",
        "Hãy liên hệ ngay với chúng tôi để được tư vấn gói quảng cáo trọn gói giảm giá 30% cho thương hiệu của bạn",
        "Đăng nhận xét",
        "0 Nhận xét",
        "x",
        "Chia sẻ",
        "ĐĂNG KÝ NHẬN TIN",
        "Tin liên quan",
        "DMCA.com Protection Status",
    ]


def test_folded_repeats_show_how_often_each_was_said(found: Repeats) -> None:
    said = {_raw(found, first)[:12]: len(everyone) for first, everyone in found.said().items()}
    assert said["Trong tám ti"] == 4
    assert said["Mỗi chuyến đ"] == 3
    assert said["Một cửa hàng"] == 1
    assert "Đăng nhận xé" not in said
    assert "cách tự tắt " not in said
    assert sum(said.values()) < len(found.passages)


def test_nothing_is_told_that_is_not_there_and_little_is_missed(found: Repeats) -> None:
    """Against every pair, aligned word by word."""
    tokens = tokenize(pa.array([_raw(found, i) for i in range(len(found.passages))]))
    words = [tokens.plain[a:b] for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False)]
    truth = set()
    for one, other in combinations([i for i, w in enumerate(words) if w.size >= 5], 2):
        common, (short, long) = (
            common_words(words[one], words[other]),
            sorted((words[one].size, words[other].size)),
        )
        if common >= SIMILAR * long or common >= WITHIN * short:
            truth.add((one, other))
    firsts = {words[i].tobytes(): i for i in reversed(range(len(words)))}
    told = {tuple(sorted((r.part, r.whole))) for r in found.repeats}
    assert told <= truth
    among_firsts = {t for t in truth if all(firsts[words[i].tobytes()] == i for i in t)}
    missed = [[_raw(found, i)[:12] for i in pair] for pair in among_firsts - told]
    assert missed == [["Ngày hội sửa", "Ngày hội sửa"]], "two titles that share little but their beginning"


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_is_taken_and_its_offsets_lie_in_it(texts: list[str]) -> None:
    found = contained(texts)
    for i, passage in enumerate(found.passages):
        assert 0 <= passage.start < passage.end <= len(texts[passage.text])
        assert passage.copy_of <= i
        assert found.passages[passage.copy_of].copy_of == passage.copy_of
    assert found == contained(texts)


SYLLABLE = st.sampled_from(["ga", "be", "co", "du", "em", "phu", "gia", "hoi", "la", "mua", "nay"])


@given(st.lists(st.lists(SYLLABLE, min_size=3, max_size=14), max_size=25))
def test_folding_loses_nothing(sentences: list[list[str]]) -> None:
    """Whatever repeats what: each passage is shown, is a copy of one, or lies in one that is."""
    found = contained([". ".join(" ".join(s).capitalize() for s in sentences)])
    said = found.said()
    for i, passage in enumerate(found.passages):
        at = passage.copy_of
        while at not in said:
            wholes = [r.whole for r in found.repeats if r.kind == "contained" and r.part == at]
            at = next(w for w in wholes if found.passages[w].copy_of == w)
        assert i in said.get(passage.copy_of, (i,))


@given(st.permutations(range(3)))
def test_the_same_passages_go_together_in_any_order_of_texts(order: list[int]) -> None:
    turned = contained([TEXTS[i] for i in order])
    assert sorted(r.kind for r in turned.repeats) == sorted(r.kind for r in contained(TEXTS).repeats)


def test_a_text_taken_twice_is_copied_whole() -> None:
    found = contained([PAGE, PAGE])
    half = len(found.passages) // 2
    assert [p.copy_of % half for p in found.passages[half:]] == [p.copy_of for p in found.passages[:half]]
    assert all(p.copy_of < half for p in found.passages[half:])


@pytest.mark.parametrize(
    "text",
    [
        "à" * 3_000_000,
        "a," * 300_000,
        "một hai ba bốn năm. " * 50_000,
        "😀" * 100_000,
        " \n" * 500_000,
        ". " * 500_000,
    ],
)
def test_hostile_text_comes_back(text: str) -> None:
    pieces = list(split(text))
    assert all(start < end for start, end, _ in pieces)
    contained([text[:400_000], text[:200_000]])


def test_passages_without_a_full_stop_are_cut() -> None:
    assert len(list(split("từ " * (2 * MOST_PIECES + 1)))) == 3
    assert contained([]) == Repeats((), ())
    assert COPY > SIMILAR


@pytest.mark.parametrize(
    "line", ["Bình luận (12)", "Trả lời", "Tags:", "© Bản quyền thuộc về báo", "|", "3 comments"]
)
def test_widgets_are_known(line: str) -> None:
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line",
    [
        "Thúy Ngà",
        "Lắng nghe…",
        "Đăng ký cho bà con",
        "Chia sẻ khó khăn với dân",
        "Tổng đài hãy gọi lại cho tôi, tôi chờ hai ngày rồi",
    ],
)
def test_short_text_is_no_widget(line: str) -> None:
    assert not is_chrome(line)
