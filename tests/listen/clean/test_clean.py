"""What cleaning does to a text, and that it equals its plain-Python definition on every text."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from tantam.listen.clean import clean, clean_text, hash_word, tokenize, words
from tantam.listen.mask import KINDS

from . import a_text, oracle


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Hoà, HOÀ hòa; thuỷ Thúy qúa khoẻ", "hòa, hòa hòa; thủy thúy quá khỏe"),
        ("Cuả tôi đựơc khỏang", "của tôi được khoảng"),
        ("nha_khoa__tốt _ x", "nha khoa tốt x"),
        ("quáaaaa đẹppp ĐẸPPPPP tốtt máyy hayyy", "quá đẹp đẹp tốt máy hay"),
        ("cccd kkkkkkk hmmmm 0905xxxx81 1000000", "cccd kkk hmmm 0905xxxx81 1000000"),
        ("app too free boot xoong boong", "app too free boot xoong boong"),
        ("ko k hok đc j ntn mn", "không không không được gì như thế nào mọi người"),
        ("thầy thoai thôi lun hong kho", "thầy thoai thôi lun hong kho"),
        ("100 k 100k 5  K, ko 2k", "100 k 100k 5 k, không 2k"),
        ("mua máy2018 k dùng", "mua máy2018 không dùng"),
        ("tốt👍🏻👍 ❤️ 👨\u200d👩\u200d👧 1️⃣", "tốt👍👍 ❤ 👨👩👧 1"),
        ("th\u200bầy ko\u00adng \ufeffa\0b\x07 \u202ex", "thầy kong ab x"),
        ("０９１２ ３４５ ٣ ｋｏ Ⅷ 𝐁𝐀 m²", "0912 345 3 không viii ba m2"),
        ("\xa0a\u3000b\u2028c\r\n\td  e ", "a b c d e"),
        (
            "Xem HTTPS://Vt.vn/a_b?x=1. www.A_b.vn, Bit.ly/Ko_k",
            "xem https://vt.vn/a_b?x=1. www.a_b.vn, bit.ly/ko_k",
        ),
        ("a.b/c ko.dc/k", "a.b/c không.được/không"),
        ("[số điện thoại] [email] [biển số]", "[số điện thoại] [email] [biển số]"),
        ("你好k8 สวัสดี ខ្មែរ ລາວ Привет が한", "你好k8 สวัสดี ខ្មែរ ລາວ привет が한"),
        ("\u0301a \u0302 =\u0338 5\u0301", "a = 5"),
        ("Ðường ĐƯỜNG ðường Ɖường", "đường đường đường đường"),
        ("", ""),
        (" \n\0", ""),
        ("\ud800a\udfffb", "a b"),
    ],
)
def test_what_becomes_of_a_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


def test_words_are_runs_of_one_script_and_emoji_and_links_and_never_punctuation() -> None:
    assert words("Không-ổn, “4g” a_b 👍👍 你好ok http://a.vn/x_y. :)) 50%") == [
        *("không", "ổn", "4g", "a", "b", "👍", "👍", "你", "好", "ok", "http://a.vn/x_y", "50"),
    ]
    assert words("") == words(" .,;") == []


@pytest.mark.parametrize("text", [*KINDS.values(), " ".join(KINDS.values())])
def test_words_of_the_masks_come_through_unchanged(text: str) -> None:
    assert clean_text(f"gọi {text}.") == f"gọi {text}."


@given(a_text.raw)
def test_the_kernel_equals_its_definition(raw: bytes) -> None:
    cleaned, found = oracle.clean(raw)
    got = clean(pa.array([raw], pa.binary()))
    assert got.text.to_pylist() == [cleaned]
    assert list(zip(got.tokens.exact.tolist(), got.tokens.plain.tolist(), strict=True)) == [
        hash_word(w) for w in found
    ]
    assert "".join(found).replace(" ", "") in cleaned.replace(" ", "") or found != [cleaned]


@given(a_text.hostile)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert words(cleaned) == words(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in cleaned)


@given(a_text.hostile)
def test_one_text_is_cleaned_as_in_a_column(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    got = clean(pa.array([b"ko", raw, None], pa.binary()))
    assert got.text[1].as_py() == clean_text(text)
    start, end = got.tokens.offsets[1:3]
    assert [hash_word(w) for w in words(text)] == list(
        zip(got.tokens.exact[start:end].tolist(), got.tokens.plain[start:end].tolist(), strict=True)
    )


def test_real_texts_are_cleaned_as_defined() -> None:
    texts = a_text.real(700)
    texts += [unicodedata.normalize("NFD", t) for t in texts[::5]] + [a_text.bare(t) for t in texts[::5]]
    got = clean(pa.array(texts))
    for i, text in enumerate(texts):
        cleaned, found = oracle.clean(text)
        start, end = got.tokens.offsets[i : i + 2]
        assert got.text[i].as_py() == cleaned
        assert [hash_word(w)[0] for w in found] == got.tokens.exact[start:end].tolist()


def test_real_texts_in_every_form_are_one_text() -> None:
    texts = a_text.real(20_000)
    once = clean(pa.array(texts))
    for form in (
        [unicodedata.normalize("NFD", t) for t in texts],
        [t.upper() for t in texts],
        [t.replace(" ", "_") if "/" not in t else t for t in texts],
        once.text,
    ):
        assert clean(pa.array(form)).text.equals(once.text)
        assert np.array_equal(tokenize(pa.array(form)).exact, once.tokens.exact)


def test_accents_are_all_that_tells_a_text_from_its_bare_form() -> None:
    texts = [t for t in a_text.real(3_000) if "đ" not in t.lower().replace("đi", "")]
    same = 0
    for text in texts:
        accented, bare = tokenize(pa.array([text])), tokenize(pa.array([a_text.bare(text)]))
        same += np.array_equal(accented.plain, bare.plain)
    assert same / len(texts) > 0.97  # teen-code with accents (đc) is another one without
