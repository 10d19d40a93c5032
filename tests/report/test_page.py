"""The page says what the round's files say, in both languages, and lets nothing in from outside."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tantam.care.report import render
from tantam.errors import BadInput
from tests.report import a_round

HOSTILE = '</style><script>alert(1)</script>"><img src=x onerror=alert(2)> & ‘“'
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Tags in balance, attributes and the text of each language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = {"vi": "", "en": ""}
        self.lang: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
            self.lang.append(found.get("lang") or (self.lang[-1] if self.lang else ""))
            self.text[self.lang[-1]] += " " if tag in ("td", "th", "p", "li") else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.lang.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.text[self.lang[-1]] += data.replace("\u00a0", " ")


def page(folder: Path) -> Page:
    made = Page(render(folder).read_text(encoding="utf-8"))
    assert not made.open
    return made


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page(a_round.write(tmp_path_factory.mktemp("before")))


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page(a_round.write(tmp_path_factory.mktemp("after"), known=(30, 60)))


def test_nothing_comes_from_outside(tmp_path: Path) -> None:
    html = render(a_round.write(tmp_path, known=(30, 60, 90))).read_text(encoding="utf-8")
    assert "http:" not in html and "https:" not in html and "//" not in re.sub(r"base64,[^)]*", "", html)
    for tag, attrs in Page(html).tags:
        assert "style" not in attrs and not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert "src" not in attrs and str(attrs.get("href", "#")).startswith("#")
        assert tag not in ("script", "iframe", "object", "link", "img")
    assert all(url.startswith("data:font/woff2;base64,") for url in re.findall(r"url\(([^)]*)\)", html))
    assert len(html.encode()) < 600_000


def test_vietnamese_first_then_english(after: Page) -> None:
    langs = [a["lang"] for t, a in after.tags if t in ("html", "div") and "lang" in a]
    assert langs == ["vi", "vi", "en"]
    assert "Ai nhận gì, trong số tiền này?" in after.text["vi"] and "Who gets what" in after.text["en"]
    assert "Who gets what" not in after.text["vi"] and "Ai nhận gì" not in after.text["en"]
    checked = [a["id"] for t, a in after.tags if t == "input" and "checked" in a]
    assert checked == ["vi"]


def test_one_question_each_and_labelled_pictures(after: Page) -> None:
    assert sum(t == "h1" for t, _ in after.tags) == 2
    for tag, attrs in after.tags:
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or (attrs["role"] == "img" and attrs["aria-label"])
    ids = [a["id"] for _, a in after.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_the_figures_are_the_summary_s(before: Page) -> None:
    s = a_round.summary()

    def vi(number: int) -> str:
        return f"{number:,}".replace(",", ".")

    numbers = [s["spend_dong"], s["budget_dong"], s["decisions"], s["reached"], s["subscribers"], s["value"]]
    numbers += [
        s["nothing"]["persons"],
        s["holdout"]["control"],
        s["certificate"]["bound"],
        s["greedy_value"],
    ]
    numbers += [
        o[k] for o in s["offers"] for k in ("cost_dong", "persons", "spend_dong", "eligible", "control")
    ]
    numbers += [g[k] for g in s["groups"] for k in ("subscribers", "reached", "spend_dong", "median_dong")]
    numbers += [p[k] for p in s["provinces"] for k in ("subscribers", "reached", "spend_dong")]
    numbers += [r["persons"] for r in s["nothing"]["reasons"]]
    numbers += [
        o[k] for o in s["relief"]["by_offer"] for k in ("persons", "spend_dong", "budget_dong", "waiting")
    ]
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(vi(number))}(?![\d.])", before.text["vi"]), number
        assert re.search(rf"(?<![\d,]){number:,}(?![\d,])", before.text["en"]), number
    assert "2.000.000.000" in before.text["vi"] and s["certificate"]["fingerprint"] in before.text["vi"]
    assert all(f"{p['name']}" in before.text["vi"] for p in s["provinces"])
    assert "chọn theo nhu cầu và ngày xin, không theo giá trị" in before.text["vi"].lower()


def test_hoang_sa_and_truong_sa_on_both_maps(before: Page) -> None:
    maps = [a for t, a in before.tags if t == "svg" and a.get("class") == "vn"]
    assert len(maps) == 4
    assert before.text["vi"].count("Hoàng") >= 2 and before.text["vi"].count("Trường") >= 2


def test_before_the_proof_no_value_is_in_the_page(before: Page) -> None:
    assert before.text["vi"].count("Chưa đủ dữ liệu") == 3
    assert "Đọc được từ 21/12/2026" in before.text["vi"] and "Readable from 21 Dec 2026" in before.text["en"]
    assert not any("whisker" in (a.get("class") or "") for _, a in before.tags)
    assert "Món nào có ích?" not in before.text["vi"]


def test_the_proof_names_estimand_interval_and_verdict(after: Page) -> None:
    text = after.text["vi"]
    for words in (
        "so với không nhận gì",
        "món tốt kế tiếp",
        "Có ích",
        "Làm khách rời đi",
        "Chưa thấy khác biệt",
        "Holm",
    ):
        assert words in text
    assert text.count("từ 19/02/2027") >= 10
    drawn = [a for _, a in after.tags if (a.get("class") or "").startswith("whisker")]
    assert len(drawn) >= 30 and all(
        "khoảng" in a["aria-label"] or "interval" in a["aria-label"] for a in drawn
    )
    assert sum((a.get("class") or "").startswith("survival") for _, a in after.tags) == 4


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    s = a_round.summary()
    for row in [*s["offers"], *s["groups"], *s["purses"], *s["provinces"], *s["limits"], *s["law"]]:
        row.update(vi=HOSTILE, en=HOSTILE)
    for row in [*s["low_income"]["by_basis"], *s["nothing"]["reasons"], *s["relief"]["by_offer"]]:
        row.update(vi=HOSTILE, en=HOSTILE)
    s.update(operator=HOSTILE, name_vi=HOSTILE, name_en=HOSTILE)
    for p in s["provinces"]:
        p["name"] = HOSTILE
    folder = a_round.write(tmp_path, known=(30,), **s)
    after = json.loads((folder / "afterlife.json").read_text(encoding="utf-8"))
    after["sentence_vi"] = after["sentence_en"] = HOSTILE
    (folder / "afterlife.json").write_text(json.dumps(after), encoding="utf-8")
    made = page(folder)
    assert not {t for t, _ in made.tags} & {"script", "img"}
    assert not any(name.startswith("on") for _, a in made.tags for name in a)
    assert "<script>alert(1)</script>" in made.text["vi"]


def test_a_tiny_round_says_counts_not_percentages(tmp_path: Path) -> None:
    s = a_round.summary()
    one = {**s["provinces"][0], "subscribers": 11, "reached": 7, "low_income": 3, "low_income_reached": 2}
    group = {**s["groups"][0], "subscribers": 11, "reached": 3, "median_dong": None}
    s.update(subscribers=11, reached=7, decisions=7, spend_dong=70_000, provinces=[one], groups=[group])
    s["low_income"].update(subscribers=3, reached=2, median_dong=None, others_median_dong=None, by_basis=[])
    s["nothing"] = {
        "persons": 4,
        "low_income_persons": 1,
        "reasons": [{"code": "x", "vi": "x", "en": "x", "persons": 4}],
    }
    made = page(a_round.write(tmp_path, **s))
    assert "7 trong 11" in made.text["vi"] and "7 in 11" in made.text["en"]
    assert "63,6 %" not in made.text["vi"]
    assert "dưới 5" in made.text["vi"]
    assert any(a.get("class") == "p none" for _, a in made.tags)


def test_an_empty_round_still_has_its_page(tmp_path: Path) -> None:
    s = a_round.summary()
    for offer in s["offers"]:
        offer.update(persons=0, spend_dong=0, control=0, eligible=0, why_not=[])
    for row in [*s["provinces"], *s["groups"]]:
        row.update(subscribers=0, reached=0, spend_dong=0, seats={}, median_dong=None)
    s.update(
        subscribers=0,
        reached=0,
        decisions=0,
        spend_dong=0,
        greedy_loss=0.0,
        value=0,
        purses=[],
        law=[],
        limits=[],
    )
    s["low_income"].update(
        subscribers=0, reached=0, share_of_spend=0.0, share_of_subscribers=0.0, by_basis=[]
    )
    s["nothing"] = {"persons": 0, "low_income_persons": 0, "reasons": []}
    s["relief"] = s["notices"] = {"persons": 0, "spend_dong": 0, "by_offer": []}
    s["holdout"] = {"round_share": 0.0, "round_persons": 0, "control": 0}
    made = page(a_round.write(tmp_path, power=False, **s))
    assert "chưa trao được suất nào" in made.text["vi"]
    assert "không để ai đối chứng" in made.text["vi"]


def test_the_same_files_give_the_same_page_and_leave_nothing_behind(tmp_path: Path) -> None:
    first = render(a_round.write(tmp_path)).read_bytes()
    assert render(tmp_path).read_bytes() == first
    assert not [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")]


def test_what_is_no_round_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as missing:
        render(tmp_path / "nowhere")
    assert missing.value.code == "no_round"
    a_round.write(tmp_path)
    (tmp_path / "certificate.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput) as broken:
        render(tmp_path)
    assert broken.value.code == "bad_round"
    assert not (tmp_path / "report.html").exists()
