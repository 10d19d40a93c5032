"""A quarter by lot keeps every rule."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quarter_by_lot_keeps_every_rule(seed: int) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANTAM_")}
    words = [sys.executable, "-m", "tests.sim", "--seed", str(seed)]
    played = subprocess.run(words, env=kept, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stderr
    found = json.loads(played.stdout)
    assert found["opinions"] > 300 and found["told"] > 50 and found["tellings"] > 10 and found["stops"] > 2
