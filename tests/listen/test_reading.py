"""One opinion read, and the same opinion in a batch."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.listen.columns import FEELINGS, TOPICS, URGENCIES
from tantam.listen.mask import mask
from tantam.listen.reading import CARRIED, READ, Listener, read

HIDING = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e", "\0", "\ufe0f", "\u034f"]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


def batch(texts: list[object], kind: pa.DataType) -> pa.RecordBatch:
    carried = {name: pa.nulls(len(texts), READ.field(name).type) for name in CARRIED}
    return pa.RecordBatch.from_pydict({**carried, "text": pa.array(texts, kind)})


def test_what_a_person_would_say_of_it() -> None:
    late = read("Mất sóng ở Cà Mau ba ngày rồi mà gọi tổng đài không ai trả lời, bực quá! Gọi tôi 0912345678")
    assert "network" in late.topics or "hotline" in late.topics
    assert (late.feeling, late.complaint) == ("negative", True)
    assert "0912345678" not in late.text and "[số điện thoại]" in late.text
    kind = read("cam on doan kham benh da ve ban, ba con rat vui")
    assert (kind.feeling, kind.complaint) == ("positive", False)
    assert kind.hash == read("Cảm ơn đoàn khám bệnh đã về bản, bà con rất vui!!!").hash != late.hash


@pytest.mark.parametrize(
    "text", ["", " ", "…", "\0", "\ud800", "\ud83d", "a\udfffb", "😀", "1" * 50, "x" * 100_000]
)
def test_anything_can_be_read(text: str) -> None:
    reading = read(text)
    assert set(reading.topics) <= set(TOPICS) and reading.topics
    assert reading.feeling in FEELINGS and reading.urgency in URGENCIES
    assert 0 <= reading.feeling_p <= 1 and 0 <= reading.complaint_p <= 1
    assert reading.complaint == (reading.complaint_p >= 0.5)
    assert set(reading.unsure) <= {"topic", "feeling", "complaint", "urgency"}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=30))
def test_alone_and_in_any_batch_it_reads_the_same(texts: list[str]) -> None:
    said = [text.encode("utf-8", "surrogatepass") for text in texts]
    listener = Listener()
    (whole,) = listener([batch([*said], pa.large_binary())])
    assert whole.schema == READ
    split = list(listener(batch([s], pa.large_binary()) for s in said))
    assert pa.Table.from_batches([whole]).equals(pa.Table.from_batches(split).combine_chunks())
    for i, text in enumerate(texts):
        one = read(text)
        assert (one.text, "|".join(one.topics), one.hash) == tuple(
            whole.column(name)[i].as_py() for name in ("text", "topic", "hash")
        )


def test_every_type_of_text_and_every_gap(listener: Listener) -> None:
    texts = ["Mạng yếu", None, "", "Cảm ơn"]
    expected = None
    for kind in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary()):
        (got,) = listener([batch([*texts], kind)])
        assert got.column("text").to_pylist() == ["mạng yếu", "", "", "cảm ơn"]
        assert expected is None or got.equals(expected)
        expected = got
    (sliced,) = listener([batch(["bỏ", *texts], pa.large_string()).slice(1)])
    assert sliced.equals(expected)
    (broken,) = listener([batch([b"m\xe1ng\xff y\xc3", b"\x80"], pa.binary())])
    assert broken.column("text").null_count == 0


def test_no_number_comes_to_light_by_cleaning() -> None:
    """Masking sees through whatever cleaning takes away, so that it need not be done twice."""
    r = random.Random(7)
    for _ in range(1_500):
        number = "09" + "".join(r.choice("0123456789") for _ in range(8))
        hidden = "".join(c + (r.choice(HIDING) if r.random() < 0.3 else "") for c in number)
        text = read(f"gọi {hidden.translate(WIDE) if r.random() < 0.3 else hidden} nhé anh Hùng").text
        assert text == mask(text)
        assert sum(c.isdigit() for c in text) < 9 and "[số" in text, (hidden, text)
