"""Every encoding an old export may come in is found from its content, or told in one sentence."""

from __future__ import annotations

import csv
import os
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tantam.base import legacy
from tantam.base.encodings import MOST_LINE, at_sight, cleaned
from tantam.base.home import Home
from tantam.errors import BadInput
from tests.base.a_file import delimited, load, plain, rows, stored

LETTERS = "àáảãạằắẳẵặăầấẩẫậâèéẻẽẹềếểễệêìíỉĩịòóỏõọồốổỗộôờớởỡợơùúủũụừứửữựưỳýỷỹỵđ"


def back(read: Callable[[str], str]) -> dict[str, str]:
    """Letter → how the old font writes it, by asking the reader about every code and pair of codes."""
    codes = [chr(code) for code in range(0xA0, 0x100)]
    pairs = [base + mark for base in "aeiouyôöAEIOUYÔÖ" for mark in codes]
    table: dict[str, str] = {}
    for written in codes + pairs:
        letter = read(written)
        if len(letter) == 1 and letter.lower() in LETTERS and letter not in table:
            table[letter] = written
    return table


def write_with(read: Callable[[str], str], text: str) -> bytes:
    table = back(read)
    return "".join(table.get(letter, letter) for letter in text).encode("latin-1")


def in_1258(text: str) -> bytes:
    """Windows-1258: letters with their own marks as they are, tones as combining marks behind."""
    out = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = [mark for mark in marks if mark in "\u0300\u0301\u0309\u0303\u0323"]
        rest = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tone))
        out.append(rest + "".join(tone))
    return "".join(out).encode("cp1258")


def as_letters_of_1252(data: bytes) -> bytes:
    """What a program makes of old codes when it takes them for Western text and saves UTF-8."""
    return data.decode("latin-1").encode()


WAYS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "UTF-8": ("utf-8", str.encode),
    "UTF-8 with a mark": ("utf-8", lambda text: b"\xef\xbb\xbf" + text.encode()),
    "UTF-8, decomposed": ("utf-8", lambda text: unicodedata.normalize("NFD", text).encode()),
    "UTF-16 little": ("utf-16-le", lambda text: text.encode("utf-16-le")),
    "UTF-16 big": ("utf-16-be", lambda text: text.encode("utf-16-be")),
    "UTF-16 little with a mark": ("utf-16-le", lambda text: b"\xff\xfe" + text.encode("utf-16-le")),
    "UTF-16 big with a mark": ("utf-16-be", lambda text: b"\xfe\xff" + text.encode("utf-16-be")),
    "Windows-1258": ("windows-1258", in_1258),
    "TCVN3": ("tcvn3", lambda text: write_with(legacy.from_tcvn3, text)),
    "VNI": ("vni", lambda text: write_with(legacy.from_vni, text)),
    "TCVN3 as UTF-8": ("tcvn3", lambda text: as_letters_of_1252(write_with(legacy.from_tcvn3, text))),
    "VNI as UTF-8": ("vni", lambda text: as_letters_of_1252(write_with(legacy.from_vni, text))),
}


@pytest.fixture(scope="module")
def text() -> str:
    return delimited(plain(rows(400, seed=3)))


@pytest.fixture(scope="module")
def expected(text: str, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The base that the plain UTF-8 file gives, under a fixed secret."""
    return base_of(text.encode(), tmp_path_factory.mktemp("plain"))[0]


def base_of(data: bytes, folder: Path) -> tuple[bytes, str]:
    home = Home(folder / "home")
    home.secret.mkdir(parents=True)
    home.key_secret.write_bytes(bytes(range(32)))
    (folder / "a.csv").write_bytes(data)
    done = load(home, folder / "a.csv")
    assert done.kept == 400
    return (home.base / "part-0.parquet").read_bytes(), done.encodings["a.csv"]


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_encoding_gives_the_same_base(
    name: str, ending: str, text: str, expected: bytes, tmp_path: Path
) -> None:
    encoding, write = WAYS[name]
    assert base_of(write(text.replace("\n", ending)), tmp_path) == (expected, encoding)


@pytest.mark.parametrize("ending", ["\r", "mixed", "none at the end"])
def test_every_kind_of_line_end(ending: str, text: str, expected: bytes, tmp_path: Path) -> None:
    if ending == "mixed":
        lines = text.split("\n")
        data = "\n".join(lines[:200]) + "\r\n" + "\r\n".join(lines[200:])
    else:
        data = text.rstrip("\n") if ending == "none at the end" else text.replace("\n", "\r")
    assert base_of(data.encode(), tmp_path)[0] == expected


def test_letters_that_come_late_are_found_too(text: str, expected: bytes, tmp_path: Path) -> None:
    """Where the first megabyte is plain ASCII, the old encoding is found when reading stumbles over it."""
    header, *lines = text.rstrip("\n").split("\n")
    ascii_line = lines[0].replace(lines[0].split(",")[3], "Ha Noi").encode("ascii", "ignore").decode()
    filler = [f"08{i:08d}," + ascii_line.split(",", 1)[1] for i in range(9000)]
    file = tmp_path / "a.csv"
    file.write_bytes(WAYS["TCVN3"][1]("\n".join([header, *filler, *lines, ""])))
    assert file.read_bytes()[: 1 << 20].isascii()
    home = Home(tmp_path / "home")
    done = load(home, file)
    assert done.encodings == {"a.csv": "tcvn3"} and done.rows_in == 9400
    assert "Công nhân khu công nghiệp" in stored(home)["occupation"].to_pylist()


@pytest.mark.parametrize("second", ["Windows-1258", "TCVN3", "VNI"])
@pytest.mark.parametrize("first", ["UTF-8", "Windows-1258", "TCVN3", "VNI"])
def test_a_mixture_names_the_first_line_that_does_not_fit(
    first: str, second: str, text: str, tmp_path: Path
) -> None:
    if first == second:
        return
    lines = text.rstrip("\n").split("\n")
    at = next(i for i in range(300, 400) if "Công nhân" in lines[i] or "Ruộng" in lines[i])
    data = b"\n".join(WAYS[second if i == at else first][1](line) for i, line in enumerate(lines))
    (tmp_path / "a.csv").write_bytes(data)
    home = Home(tmp_path / "home")
    with pytest.raises(BadInput, match=f"line {at + 1} is not") as caught:
        load(home, tmp_path / "a.csv")
    assert caught.value.code == "mixed_encodings" and not home.root.exists()


def test_a_western_file_is_told(tmp_path: Path) -> None:
    header = "phone,joined_on,plan_kind,province,plan\n"
    data = (header + "0912345678,2020-01-01,prepaid,01,Café crème brûlée façade\n").encode("cp1252")
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(BadInput, match="first in line 2") as caught:
        load(Home(tmp_path / "home"), tmp_path / "a.csv")
    assert caught.value.code == "encoding_unknown"


def test_cut_off_inside_a_letter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "phone,joined_on,plan_kind,province\n0912345678,2020-01-01,prepaid,Hà".encode()[:-1]
    )
    with pytest.raises(BadInput, match=r"mixed_encodings|encoding_unknown"):
        load(Home(tmp_path / "home"), tmp_path / "a.csv")


def test_an_enormous_line_in_any_encoding(tmp_path: Path) -> None:
    body = "phone,joined_on,plan_kind,province\n0912345678,2020-01-01,prepaid,Hà Nội\n" + "Hà " * MOST_LINE
    for encode in (str.encode, WAYS["TCVN3"][1], WAYS["UTF-16 little"][1]):
        (tmp_path / "a.csv").write_bytes(encode(body))
        with pytest.raises(BadInput, match="Line 3 of") as caught:
            load(Home(tmp_path / "home"), tmp_path / "a.csv")
        assert caught.value.code == "enormous_line"


GOOD = "người nghiệp Khuya quýt giếng gì Ngoằn thuở ưỡn Đắk Lắk yến xoong quốc uống HUẾ"
BAD = "hµ Nôòi Café brûlée bàc hàt ngx thươngg façade"


def test_syllables() -> None:
    assert all(map(legacy.is_syllable, GOOD.split()))
    assert not any(map(legacy.is_syllable, BAD.split()))


def real() -> Path:
    root = os.environ.get("TANTAM_DATA")
    if not root:
        pytest.skip("TANTAM_DATA is not set: the real pairs of old and new text are not here")
    return Path(root) / "vn-legacy-text"


def test_our_tables_are_those_of_the_source() -> None:
    """MIT table of viparse, but for what its fonts do otherwise (ẳ, ỵ)."""
    with (real() / "tables_viparse.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            read = {"tcvn3": legacy.from_tcvn3, "vni": legacy.from_vni}.get(row["encoding"])
            if read:
                assert read(row["legacy_as_latin"]) == row["unicode"]
    assert [legacy.from_vni(text) for text in ("aú", "AÚ", "î", "Î")] == ["ẳ", "Ẳ", "ỵ", "Ỵ"]


def test_real_documents_are_recognised_and_recovered(tmp_path: Path) -> None:
    folder = real()
    with (folder / "samples_manifest.csv").open(encoding="utf-8") as file:
        kinds = {row["file"].removesuffix(".doc"): row["encoding"] for row in csv.DictReader(file)}
    whole, found = Counter[str](), Counter[str]()
    for path in sorted((folder / "samples").glob("*.legacy.txt")):
        name = path.name.removesuffix(".legacy.txt")
        old, new = tmp_path / "old.txt", tmp_path / "new.txt"
        old.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", "replace"))
        assert cleaned(old, new).encoding == kinds[name] == at_sight(old, new).encoding, name
        ours = Counter(new.read_text(encoding="utf-8").lower().split())
        theirs = Counter(
            (folder / "samples" / f"{name}.unicode.txt").read_text(encoding="utf-8").lower().split()
        )
        whole[kinds[name]] += theirs.total()
        found[kinds[name]] += (ours & theirs).total()
    assert found["tcvn3"] / whole["tcvn3"] > 0.999
    assert found["vni"] / whole["vni"] > 0.995
