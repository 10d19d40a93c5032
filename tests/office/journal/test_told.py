"""Every act that the office writes is worded, and every wording is of an act that is written."""

import ast
from pathlib import Path

import tantam.office
from tantam.office.journal.told import TOLD

ROOMS = Path(tantam.office.__file__).parent
TELLERS = {"write", "_tell", "tell", "_told"}

ASKERS = {"say", "put"}
"""Whose ``act`` is a duty asked at the door: a camp's facts all have the one act ``camp.said``."""


def written() -> set[str]:
    """The codes handed to the journal anywhere in the office."""
    found = set()
    for file in ROOMS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ASKERS:
                    continue
                given = [k.value for k in node.keywords if k.arg == "act"]
                given += node.args if name in TELLERS else []
                found |= {g.value for g in given if isinstance(g, ast.Constant) and isinstance(g.value, str)}
    return {code for code in found if "." in code}


def test_every_act_is_worded():
    assert written() - set(TOLD) == set()


def test_nothing_is_worded_that_nobody_does():
    said = {
        text
        for file in ROOMS.rglob("*.py")
        if file.name != "told.py"
        for text in [file.read_text(encoding="utf-8")]
    }
    assert [code for code in TOLD if not any(f'"{code}"' in text for text in said)] == []


def test_both_languages_and_no_two_alike():
    assert all(vi and en and vi != en for vi, en in TOLD.values())
    assert len({vi for vi, _ in TOLD.values()}) == len(TOLD)
