"""``python -m tests.sim --seed 1``: one quarter and one day of a camp, played on a database of their own, and checked.
``make sim SEED=1``."""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from pathlib import Path
from uuid import UUID


def main(seed: int) -> None:
    """Play, check, and tell how much there was to check."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            TANTAM_HOME=home, DJANGO_SETTINGS_MODULE="tantam.office.settings", TANTAM_LOG="error"
        )
        import django

        django.setup()
        from django.core.management import call_command

        from tantam.base.home import Home

        for database in ("default", "health"):
            call_command("migrate", database=database, verbosity=0)
        secret = Home(Path(home)).key_secret
        secret.parent.mkdir(parents=True, exist_ok=True)
        from tantam.office.channels import receiving
        from tests.sim import camp
        from tests.sim.checks import SECRET, check
        from tests.sim.quarter import Quarter

        secret.write_bytes(SECRET)
        ids = random.Random(f"ids {seed}")
        receiving.uuid4 = lambda: UUID(
            int=ids.getrandbits(128)
        )  # what comes in is handled in the order of its ids
        played = Quarter(seed)
        played.play()
        day = camp.CampDay(seed)
        day.play()
        facts = day.bring_home(Path(home))
        camp.stored(day, facts)
        print(json.dumps({"seed": seed, **check(played), "camp": camp.check(day, facts)}))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=1)
    main(asked.parse_args().seed)
