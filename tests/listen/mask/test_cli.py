"""``tantam listen mask``: bytes in, bytes out, whatever their shape; planted numbers in no output byte."""

from __future__ import annotations

import io
import random
import re

import pytest
from click.testing import CliRunner, Result

from tantam.cli import listen_mask
from tests.listen.mask import marked


def run(data: bytes, *options: str) -> Result:
    result = CliRunner().invoke(listen_mask.mask, list(options), input=data)
    assert result.exit_code == 0, result.output
    return result


def masked(data: bytes) -> bytes:
    return run(data).stdout_bytes


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\r\n\r\n", b"x", b"x\r", b"a\rb\nc\r\n", b"\x00\n\xff\xfe\xfd\n", b"\xe1\xba"]
)
def test_lines_and_bytes_that_hold_nothing_stay_as_they_are(data: bytes) -> None:
    assert masked(data) == data


def test_line_ends_stay() -> None:
    said = "gọi 0912345678\r\nanh Hùng\n\n20k\rlan@gmail.com".encode()
    assert masked(said).decode() == "gọi [số điện thoại]\r\nanh [tên]\n\n20k\r[thư điện tử]"


def test_bytes_that_are_no_text_stay_and_hide_no_number() -> None:
    assert masked(b"\xff0912345678\xfe \xc3 anh H\xc3\xb9ng\xe1\n") == (
        b"\xff[s\xe1\xbb\x91 \xc4\x91i\xe1\xbb\x87n tho\xe1\xba\xa1i]\xfe \xc3 anh [t\xc3\xaan]\xe1\n"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_comes_out_as_utf_16(encoding: str) -> None:
    said = "\ufeffgọi 0912345678 😀\r\nchị Lan\r\n"
    assert masked(said.encode(encoding)).decode(encoding) == "\ufeffgọi [số điện thoại] 😀\r\nchị [tên]\r\n"
    assert masked(said.encode(encoding) + b"9").decode(encoding, "replace").startswith("\ufeffgọi [số")


def test_a_huge_line_and_a_line_that_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen_mask, "_CHUNK", 7)
    said = "mạng chậm quá, gọi 0912 345 678 nhé " * 300
    assert masked(said.encode()).decode() == said.replace("0912 345 678", "[số điện thoại]")


def test_counts_of_kinds_are_said_on_stderr() -> None:
    result = run("anh Hùng 0912345678, chị [tên] 0912345679\n".encode(), "--count")
    assert result.stderr == "phone 2, email 0, private 0, health 0, plate 0, link 0, name 1\n"


def test_planted_numbers_are_in_no_output_byte() -> None:
    """Every marked number, written among other texts and cut into lines anyhow, is found nowhere in what comes out."""
    rng = random.Random(7)
    texts = marked.read("numbers_seen.txt", "numbers_held.txt")
    rng.shuffle(texts)
    ends = ["\n", "\r\n", "\n\n"]
    stream = io.StringIO()
    for text in texts:
        stream.write(text.text + rng.choice(ends))
    out = masked(stream.getvalue().encode()).decode()
    planted = [t.text[a:b] for t in texts for a, b, kind in t.places if kind != "name"]
    assert len(planted) > 150
    assert [p for p in planted if p in out] == []
    assert not re.search(r"(?<![\d.,])0[35789]\d{8}(?!\d)", out)
