"""The search of the doctor's page in a list of findings: without accents, the very accents first, quick when long."""

from __future__ import annotations

import csv
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

import tantam.office
from tantam.letters import fold
from tantam.office.camps import findings

pytestmark = pytest.mark.browser
STATIC = Path(tantam.office.__file__).parent / "static"
LIST = Path(os.environ.get("TANTAM_DATA", "")) / "icd10-vi" / "icd10_vi.csv"
real = pytest.mark.skipif(
    not os.environ.get("TANTAM_DATA") or not LIST.is_file(),
    reason="LOUD: no TANTAM_DATA with icd10-vi, so that no real list of codes was searched",
)
SEARCH = """([rows, texts, most]) => import("/camp-findings.js").then(({ prepare, search }) => {
  const ready = prepare(rows);
  return texts.map((text) => search(ready, text, most).map(({ code }) => code));
})"""
TIMED = """([rows, texts]) => import("/camp-findings.js").then(({ prepare, search }) => {
  const ready = prepare(rows);
  search(ready, "viem");
  const timed = (text) => { const begun = performance.now(); search(ready, text); return performance.now() - begun; };
  return texts.map(timed);
})"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with nothing in it but the modules of the kit's pages."""

    def answer(route: Route) -> None:
        file = STATIC / route.request.url.rsplit("/", 1)[-1]
        if file.suffix == ".js":
            route.fulfill(body=file.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>camp</title>", content_type="text/html")

    context = browser.new_context()
    context.route("**/*", answer)
    made = context.new_page()
    made.goto("http://camp.localhost/")
    yield made
    context.close()


def found(page: Page, codes: dict[str, str], *texts: str, most: int = 20) -> list[list[str]]:
    answer: list[list[str]] = page.evaluate(SEARCH, [list(codes.items()), list(texts), most])
    return answer


def plain() -> dict[str, str]:
    return {code: name for part in findings.plain_list() for code, name in part.rows}


def real_codes() -> dict[str, str]:
    return {
        code: name for part in findings.read_codes(LIST.read_bytes(), "icd10") for code, name in part.rows
    }


def test_everything_of_our_own_list_is_found_by_its_name_without_accents(page: Page) -> None:
    ours = plain()
    for code, answer in zip(ours, found(page, ours, *map(fold, ours.values()), most=3), strict=True):
        assert code in answer


def test_what_is_found_first(page: Page) -> None:
    wanted = {
        "huyet ap": "Huyết áp cao", "dau bung": "Đau bụng chưa rõ vì sao", "ĐAU LƯNG": "Đau lưng",
        "giun": "Nghi nhiễm giun", "mat do": "Mắt đỏ, viêm kết mạc", "tm01": "Huyết áp cao", "": "", "…": "", "zzz": "",
        ".": "",
    }  # fmt: skip
    ours = plain()
    for (text, name), answer in zip(wanted.items(), found(page, ours, *wanted), strict=True):
        assert (ours[answer[0]] if answer else "") == name, text


def test_the_very_accents_come_first(page: Page) -> None:
    codes = {"A": "Ho", "B": "Hồ", "C": "Hò", "D": "Họ"}
    for code, answer in zip(codes, found(page, codes, *codes.values()), strict=True):
        assert answer[0] == code and len(answer) == 4
    assert found(page, codes, unicodedata.normalize("NFD", "Hồ"))[0][0] == "B"


def test_a_code_is_found_with_or_without_its_dot(page: Page) -> None:
    codes: dict[str, Any] = {"I10": "Một", "I10.9": "Hai", "I1": "Ba"}
    assert found(page, codes, "i10", "I109", "i10.9") == [["I10", "I10.9"], ["I10.9"], ["I10.9"]]


@real
def test_names_that_several_codes_share_are_all_shown_with_their_codes(page: Page) -> None:
    codes = real_codes()
    with LIST.open(encoding="utf-8") as file:
        given = Counter(line["name_vi"] for line in csv.DictReader(file) if line["name_vi"])
    assert sum(count > 1 for count in given.values()) == 70
    shared = [name for name, count in Counter(codes.values()).items() if count > 1]
    for name, answer in zip(shared, found(page, codes, *shared), strict=True):
        assert {code for code, other in codes.items() if other == name} <= set(answer)


@real
def test_a_real_list_is_found_without_accents(page: Page) -> None:
    codes = real_codes()
    sample = list(codes.items())[::29]
    answers = found(page, codes, *(fold(name) for _, name in sample))
    assert all(code in answer for (code, _), answer in zip(sample, answers, strict=True))
    turned = [" ".join(reversed(fold(name).split()[:3])) for _, name in sample[::5]]
    answers = found(page, codes, *turned, most=len(codes))
    assert all(code in answer for (code, _), answer in zip(sample[::5], answers, strict=True))


@real
def test_a_search_in_a_real_list_is_quick(page: Page) -> None:
    texts = ["viem phoi", "tăng huyết áp", "v", "i10", "dau that lung", "benh"]
    took = page.evaluate(TIMED, [list(real_codes().items()), texts])
    assert sorted(took)[len(took) // 2] < 60  # a few on a quiet machine
