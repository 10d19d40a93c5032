"""The repository keeps its own rules: sizes, names, no strangers, no dead ends, pages that exist."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "service"}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    files = [ROOT / line for line in listed.stdout.splitlines()]
    return [f for f in files if f.is_file()] or [
        f for f in ROOT.rglob("*") if f.is_file() and ".venv" not in f.parts
    ]


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "ignore")


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT)))
def test_files_and_functions_stay_small(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, "a file stops at 400 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 70, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "file", [f for f in SOURCES if f.parent.name != "migrations"], ids=lambda f: str(f.relative_to(ROOT))
)
def test_public_functions_say_what_they_give(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    if file.stat().st_size:
        assert ast.get_docstring(tree), "a module says what it is for"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


TERMINAL = {"api.py", "settings.py", "databases.py", "keyring.py", "copying.py", "base.py"}
"""Modules of the office that speak only to machines and to an operator at a terminal."""


@pytest.mark.parametrize(
    "file", [f for f in SOURCES if "office" in f.parts and f.name not in TERMINAL], ids=lambda f: str(f.name)
)
def test_what_the_office_refuses_is_said_in_vietnamese(file: Path) -> None:
    mute = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Refused", "BadInput"}
        and not any(keyword.arg == "vi" for keyword in node.keywords)
    ]
    assert not mute


def test_no_catch_all_names() -> None:
    assert not [f for f in SOURCES if f.stem in FORBIDDEN_NAMES]


def test_nothing_is_left_undone() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [f for f in SOURCES if words.search(f.read_text(encoding="utf-8"))]


def test_no_registry_is_named() -> None:
    hosts = re.compile(
        "|".join(["py" + "pi[.]org", "python" + "hosted[.]org", "npm" + "js[.]", "deb[.]" + "debian"])
    )
    assert not [f for f in _tracked() if hosts.search(_text(f))]


def test_locks_are_hashed_and_have_no_addresses() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        text = lock.read_text(encoding="utf-8")
        pins = re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE)
        assert pins
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pins)
    assert not list(ROOT.glob("uv.lock"))


def test_the_house_is_on_the_map() -> None:
    """Every room stands in ARCHITECTURE.md, and every link of the Markdown pages leads to a file."""
    house = ROOT / "src" / "tantam"
    rooms = [
        p.name for p in [*house.iterdir(), *(house / "office").iterdir()] if (p / "__init__.py").is_file()
    ]
    plan = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert not [room for room in rooms if f"`{room}`" not in plan]
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / link).exists():
                broken.append(f"{page.relative_to(ROOT)} → {link}")
    assert not broken
