"""Is this machine ready, and are the kernels compiled."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import click

from tantam.cli.door import home_option, json_option

FIFTY_MILLION = {"memory_mb": 7_500, "disk_free_mb": 20_000}
"""What a base of 50 million subscribers and a decision over all of them need: docs/how-to/fifty-million.md."""


@click.command()
def warm() -> None:
    """Compile and cache the numba kernels, so that nobody's first run stutters."""
    import numpy as np

    from tantam import keys
    from tantam.care import allocate, counts
    from tantam.listen import themes
    from tantam.listen.reading import read
    from tantam.sample import life

    assert counts and life  # compiled on import
    keys.bucket(np.arange(2, dtype=np.int64), "warm")
    allocate.warm()
    read("Một lời.")
    themes.warm()
    click.echo("Kernels are compiled.")


@click.command()
@home_option
@json_option
def doctor(home: Path, as_json: bool) -> None:
    """Say whether this machine can run everything: memory, disk, kernels, and the state of the home."""
    from tantam import engines
    from tantam.base.home import Home

    opened = Home(home)
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    disk_mb = shutil.disk_usage(home if home.exists() else Path.cwd()).free // 2**20
    con = engines.connect()
    (version,) = con.execute("SELECT version()").fetchone()
    found = {
        "cores": os.cpu_count(),
        "memory_mb": memory_mb,
        "disk_free_mb": disk_mb,
        "duckdb": version,
        "home": str(home),
        "base": bool(list(opened.base.glob("*.parquet"))),
        "secret_mode": oct(opened.secret.stat().st_mode & 0o777) if opened.secret.exists() else None,
    }
    found["fifty_million"] = (
        memory_mb >= FIFTY_MILLION["memory_mb"] and disk_mb >= FIFTY_MILLION["disk_free_mb"]
    )
    advice = _advice(found)
    if as_json:
        click.echo(json.dumps({**found, "advice": advice}))
        return
    for name, value in found.items():
        click.echo(f"{name:14} {value}")
    memory_gb, disk_gb = (mb / 1_000 for mb in FIFTY_MILLION.values())
    click.echo(
        "Fifty million subscribers fit on this machine."
        if found["fifty_million"]
        else f"Fifty million subscribers need {memory_gb:g} GB of memory and {disk_gb:g} GB of free disk."
    )
    click.echo("\n".join(advice) or "All is well: a million subscribers take a minute here.")


def _advice(found: dict[str, object]) -> list[str]:
    """What to mend, in sentences; empty when nothing is amiss."""
    advice = []
    if int(str(found["memory_mb"])) < 3_500:
        advice.append("Under 4 GB of memory: a million subscribers will be slow. Set TANTAM_MEMORY_MB=1000.")
    if int(str(found["disk_free_mb"])) < 2_000:
        advice.append("Under 2 GB of free disk: loading a million subscribers needs about 1 GB.")
    if found["secret_mode"] not in (None, "0o700"):
        advice.append("The secret folder can be read by others: chmod 700 HOME/secret.")
    return advice
