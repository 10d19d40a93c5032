"""The page says what the readings hold, in both languages, and lets nothing in from outside."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.listen.columns import WORDS
from tantam.listen.report import render
from tests.listen.report import a_listening
from tests.listen.report.a_listening import Made

HOSTILE = '\u202e</style><script>alert(1)</script>"><img src=x onerror=alert(2)> & ‘“ اللغة {{ 7*7 }} \x00'
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Tags in balance, attributes, and the text of each half."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = {"vi": "", "en": ""}
        self.half = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if str(found.get("class")).startswith("in-"):
            self.half = str(found["lang"])
        if tag not in VOID:
            self.open.append(tag)
            if self.half and tag in ("td", "th", "p", "li", "h2", "h3", "span"):
                self.text[self.half] += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.half:
            self.text[self.half] += data.replace("\u00a0", " ")


def page(folder: Path) -> Page:
    made = Page(render(folder).read_text(encoding="utf-8"))
    assert not made.open
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return a_listening.write(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def full(made: Made) -> Page:
    return page(made.folder)


def vi(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def test_nothing_comes_from_outside(full: Page) -> None:
    html = full.html
    assert "http:" not in html and "https:" not in html and "//" not in re.sub(r"base64,[^)]*", "", html)
    for tag, attrs in full.tags:
        assert "style" not in attrs and not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert "src" not in attrs and str(attrs.get("href", "#")).startswith("#")
        assert tag not in ("script", "iframe", "object", "link", "img")
    assert all(url.startswith("data:font/woff2;base64,") for url in re.findall(r"url\(([^)]*)\)", html))
    assert len(html.encode()) < 600_000


def test_both_languages_one_question_each(full: Page) -> None:
    assert "Mọi người đang nói gì?" in full.text["vi"] and "What are people saying?" in full.text["en"]
    assert "What are" not in full.text["vi"] and "Mọi người" not in full.text["en"]
    assert sum(t == "h1" for t, _ in full.tags) == 2
    ids = [a["id"] for _, a in full.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attrs in full.tags:
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and attrs["aria-label"])
        if str(attrs.get("href", "")).startswith("#"):
            assert str(attrs["href"])[1:] in ids


def test_the_answer_is_the_readings(made: Made, full: Page) -> None:
    rows = made.rows
    share = f"{100 * sum(r['complaint'] for r in rows) / len(rows):.1f}"
    people = a_listening.people(rows)
    assert (
        f"{vi(len(rows))} ý kiến của {vi(people)} người, {share.replace('.', ',')} % là phàn nàn."
        in full.text["vi"]
    )
    assert f"{len(rows):,} opinions of {people:,} people, {share}% are complaints." in full.text["en"]
    assert f"Nặng nhất: “{made.themes[0]['label']}”" in full.text["vi"]


def test_every_theme_stands_where_it_belongs(made: Made, full: Page) -> None:
    text = full.text["vi"]
    named = [t for t in made.themes if not (t["hidden"] or t["proposed"] or t["merged_into"])]
    for theme in named:
        assert theme["label"][1:] in text and vi(theme["people"]) in text
    assert "g / mạng" not in text.lower(), "it is hidden"
    assert "1 chủ đề đã được giấu" in text and "1 hidden, not shown here" in full.text["en"]
    assert "tantam listen themes rename T16 “Tên dễ hiểu”" in text
    assert text.index("Chủ đề mới, đề nghị đặt tên") < text.index("Lừa đảo / gọi đòi nợ")
    shown = re.findall(r'<h3 lang="vi"><bdi>([^<]+)', full.html)
    assert len(shown) == 2 * (10 + sum(bool(t["rising"]) for t in named[10:]) + 1)
    assert text.count("trừ tiền / không báo") == 0, "it counts as another"


def test_only_the_test_says_that_something_rises(made: Made, full: Page) -> None:
    rising = [t for t in made.themes if t["rising"]]
    text = full.text["vi"]
    assert (
        len(rising) == 2
        and text.count("đang tăng") == len(rising)
        and text.count("Đang tăng: ") == len(rising) + 1
    )
    for theme in rising:
        test = theme["rising_test"]
        low, high = (f"{test[k]:.1f}".replace(".", ",") for k in ("low", "high"))
        assert f"{test['last']} người trong bảy ngày qua" in text and f"({low} – {high})" in text
    lines = [a for t, a in full.tags if t == "svg" and str(a.get("class")).startswith("trend")]
    assert sum("up" in str(a["class"]) for a in lines) == 2 * len(rising)
    assert all(re.search(r"tuần này|this week", str(a["aria-label"])) for a in lines)
    assert "Chưa đủ dữ liệu để nói tăng hay không." in text


def test_feelings_by_topic_are_the_readings(made: Made, full: Page) -> None:
    for topic, (word, en) in WORDS.items():
        mine = [r for r in made.rows if topic in r["topic"].split("|")]
        if len(mine) >= 30:
            shares = [
                sum(r["feeling"] == f for r in mine) / len(mine) for f in ("negative", "neutral", "positive")
            ]
            cells = " ".join(f"{100 * s:.1f}%" for s in shares)
            assert re.search(
                rf"{re.escape(en[0].upper() + en[1:])}\s+{len(mine):,}\s+{re.escape(cells)}", full.text["en"]
            )
            assert word[1:] in full.text["vi"]
    assert "trong 1" in full.text["vi"], "fewer than 30 are said as numbers"


def test_the_map_has_every_province_and_the_islands(made: Made, full: Page) -> None:
    maps = [a for t, a in full.tags if t == "svg" and a.get("class") == "vn"]
    assert len(maps) == 4 and full.text["vi"].count("Hoàng") >= 2 and full.text["vi"].count("Trường") >= 2
    here = [r for r in made.rows if r["where"] == "Cao Bằng"]
    share = f"{100 * sum(r['complaint'] for r in here) / len(here):.1f}%"
    assert re.search(
        rf"Cao Bằng\s+{len(here)}\s+{sum(r['complaint'] for r in here)}\s+{share}", full.text["en"]
    )
    assert "không ghi nơi" in full.text["vi"] and "không nhận ra là tỉnh nào" in full.text["vi"]


def test_copies_are_folded_and_said_with_their_people(made: Made, full: Page) -> None:
    mine = [r for r in made.rows if r["hash"] == -204]
    assert f"{a_listening.people(mine)} người nói" in full.text["vi"]
    assert full.text["vi"].count(a_listening.FOLDED) == 1
    assert f"{made.figures['copies']} ý kiến là bản lặp của 4 câu" in full.text["vi"]
    assert "bao giờ mới có 5g ở xã tôi" not in full.text["vi"], "three people are too few to be shown"


def test_what_cannot_wait_was_left_out_and_was_unsure(made: Made, full: Page) -> None:
    pressing = [r for r in made.rows if r["complaint"] and r["urgency"] == "high"]
    assert f"cả kỳ {len(pressing)}" in full.text["vi"]
    assert "44 trong 5.044 dòng không giữ được" in full.text["vi"]
    assert "trùng mã với một dòng trước 41" in full.text["vi"]
    unsure = sum(bool(r["unsure"]) for r in made.rows) / len(made.rows)
    assert f"{100 * unsure:.1f}% of opinions should be looked at" in full.text["en"]
    assert "tantam listen suggest" in full.text["vi"] and "--where tinh" in full.text["vi"]
    assert "F1" in full.text["vi"]


def test_hostile_words_are_only_text(tmp_path: Path) -> None:
    made = page(a_listening.write(tmp_path, 1_500, hostile=HOSTILE).folder)
    assert not {t for t, _ in made.tags} & {"script", "img"}
    assert not any(name.startswith("on") for _, a in made.tags for name in a)
    assert "<script>alert(1)</script>" in made.text["vi"] and "{{ 7*7 }}" in made.text["vi"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", made.html)


@pytest.mark.parametrize(
    ("off", "vi_says"),
    [
        ({"dates": False}, "không nói được điều gì đang tăng"),
        ({"places": False}, "không có bản đồ"),
        ({"keys": False}, "mỗi ý kiến tính là một người"),
        ({"themes": False}, "Chưa thấy chủ đề nào"),
        ({"complaints": False}, "không lời phàn nàn nào"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, off: dict[str, bool], vi_says: str) -> None:
    made = page(a_listening.write(tmp_path, 1_200, **off).folder)  # type: ignore[arg-type]
    assert vi_says in made.text["vi"]
    svgs = " ".join(str(a.get("class")) for t, a in made.tags if t == "svg")
    assert ("trend" in svgs) == off.get("dates", off.get("themes", True))
    assert ("vn" in svgs) == off.get("places", True)
    if off.get("keys", True) is False:
        assert "1.200 ý kiến, " in made.text["vi"]


@pytest.mark.parametrize("n", [0, 1, 4, 40])
def test_a_page_for_next_to_nothing(tmp_path: Path, n: int) -> None:
    made = page(a_listening.write(tmp_path, n, parts=1).folder)
    assert ("Chưa có ý kiến nào." in made.text["vi"]) == (n == 0)
    assert "44 trong" in made.text["vi"]
    assert not any(a.get("class") == "vn" for _, a in made.tags), "no province has thirty"
    assert ("%" not in made.text["en"]) or n == 40


def test_the_same_files_give_the_same_page_and_leave_nothing_behind(made: Made) -> None:
    first = render(made.folder).read_bytes()
    assert render(made.folder, made.figures).read_bytes() == first
    assert not [p.name for p in made.folder.iterdir() if p.name.endswith(".part")]


def test_while_a_run_goes_on_the_plan_is_in_its_work_folder(tmp_path: Path) -> None:
    made = a_listening.write(tmp_path, 50)
    whole = render(tmp_path).read_bytes()
    (tmp_path / "run.json").unlink()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "plan.json").write_text(json.dumps(a_listening.PLAN), encoding="utf-8")
    assert render(tmp_path, made.figures).read_bytes() == whole


def test_an_operator_and_what_is_made_up_are_said(tmp_path: Path) -> None:
    made = a_listening.write(tmp_path, 50)
    plan = {**a_listening.PLAN, "operator": "Sao <b>Mai", "made_up": True}
    (tmp_path / "run.json").write_text(json.dumps({"plan": plan, "figures": made.figures}), encoding="utf-8")
    html = render(tmp_path).read_text(encoding="utf-8")
    assert "Sao &lt;b&gt;Mai" in html and "là hư cấu, để minh họa" in html


def test_what_was_not_listened_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as missing:
        render(tmp_path / "nowhere")
    assert missing.value.code == "no_readings"
    a_listening.write(tmp_path, 10)
    (tmp_path / "themes.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput) as broken:
        render(tmp_path)
    assert broken.value.code == "bad_run" and not (tmp_path / "report.html").exists()
