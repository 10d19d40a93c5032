"""What holds in every template and style sheet of the office, whoever wrote it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

import tantam.office
from tantam.errors import Refused

OFFICE = Path(tantam.office.__file__).parent
STATIC = OFFICE / "static"
TEMPLATES = sorted(OFFICE.glob("*/html/**/*.html"))
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


def name(path: Path) -> str:
    return path.relative_to(OFFICE).as_posix()


@pytest.fixture(params=TEMPLATES, ids=name)
def text(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


def test_nothing_inline(text):
    assert not re.search(r"<style|\sstyle\s*=|\son\w+\s*=\s*[\"']|javascript:", text, re.IGNORECASE)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert all(not body.strip() for body in scripts), "a script stands in static/"


def test_nothing_from_outside(text):
    addresses = re.findall(r"""(?:src|href|action|url\()\s*=?\s*["']?\s*((?:https?:)?//[^\s"']+)""", text)
    assert addresses == []


def test_say_has_both_languages(text):
    for tag in re.findall(r"\{%\s*say\s(.*?)%\}", text):
        parts = re.findall(r'"[^"]*"|\'[^\']*\'|[^\s]+', tag.strip())
        texts = [p for p in parts if not re.match(r"\w+=", p) and p != "as"]
        assert len(texts) >= 2, tag
        assert texts[0] not in ('""', "''"), tag
        holes = [sorted(set(re.findall(r"\{(\w+)", t))) for t in texts[:2]]
        assert holes[0] == holes[1] or texts[0][0] not in "\"'", f"not the same values in both: {tag}"


def test_icons_are_in_the_sheet(text):
    used = set(re.findall(r'\{%\s*ic "([\w-]+)"', text)) | set(re.findall(r"icons\.svg' %\}#([\w-]+)", text))
    assert used - ICONS == set()


def test_static_files_are_there(text):
    for file in re.findall(r"\{%\s*static '([^']+)'", text):
        assert finders.find(file), file


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_compiles(path):
    get_template(path.relative_to(next(p for p in path.parents if p.name == "html")).as_posix())


def test_style_sheets_stay_small_and_at_home():
    sheets = sorted(STATIC.glob("*.css"))
    size = {sheet.name: sheet.stat().st_size for sheet in sheets}
    everywhere = sum(size.pop(name) for name in ("fonts.css", "page.css", "components.css", "print.css"))
    # The two largest beside them are those of a camp's stations, which come over its own Wi-Fi.
    assert everywhere + sum(sorted(size.values())[-2:]) < 56_000
    for sheet in sheets:
        css = sheet.read_text(encoding="utf-8")
        assert len(css.splitlines()) <= 400, sheet.name
        assert "@import" not in css
        for file in re.findall(r"url\(([^)]+)\)", css):
            assert finders.find(file), file


def test_scripts_stay_small():
    for script in STATIC.glob("*.js"):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 400, script.name


def test_print_and_phone_are_kept_apart():
    for sheet in STATIC.glob("*.css"):
        for media in re.findall(r"@media ([^{]+)\{", sheet.read_text(encoding="utf-8")):
            assert "width" not in media or media.startswith("screen"), f"{sheet.name}: {media}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_piece_renders(language):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, is_active=False, name="Ngô Sỹ Ẩn")
    today = date(2026, 11, 22)
    late = SimpleNamespace(
        state="open", due=date(2026, 11, 16), first_due=date(2026, 11, 16), settled_on=None
    )
    pieces = {
        "today": today,
        "at": datetime(2026, 11, 22, 7, 26, tzinfo=UTC),
        "promises": [late],
        "steps": [
            {"state": s, "title": s, "facts": "22/11"} for s in ("done", "kept", "late", "due", "next")
        ],
        "error": Refused("late", "It is late.", "Ask.", vi="Muộn rồi."),
        "filters": [{"href": "?late", "word": "Ẩn", "count": 3, "on": True}],
        "page": SimpleNamespace(after="3", first=False),
        "shown": 5,
    }
    with override(language):
        page = render_to_string("shared/gallery.html", pieces, request=request)
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert page.index('class="skip"') < page.index("<header")
    assert "Ngô Sỹ Ẩn" in page
    assert ("trễ 6 ngày" if language == "vi" else "6 days late") in page
    assert "?after=3" in page


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_pages_for_what_went_wrong_need_nothing(code):
    assert "Tận Tâm" in engines["django"].get_template(f"{code}.html").render()
