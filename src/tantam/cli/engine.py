"""``--engine`` and ``--master``, said once for every command that reads the base or many texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tantam.engines import Engine

    Start = Callable[[], Engine]
    """Starts the engine that was asked for; commands take it as ``engine`` and call it when they need one."""

NAMES = ("duckdb", "spark")


def engine_options(command: Callable[..., Any]) -> Any:
    """``--engine duckdb|spark --master URL``; the command takes ``engine``, a function that starts it."""

    @click.option(
        "--engine",
        type=click.Choice(NAMES),
        default=NAMES[0],
        show_default=True,
        help="What does the work: this machine, or Spark.",
    )
    @click.option(
        "--master",
        metavar="URL",
        help="Spark's cluster: yarn, k8s://…, spark://…; by default two cores of this machine.",
    )
    @wraps(command)
    def chosen(*args: Any, engine: str, master: str | None, **rest: Any) -> Any:
        if master is not None and engine != "spark":
            raise click.UsageError("--master goes with --engine spark.")

        def start() -> Engine:
            from tantam import engines

            return engines.start(engine, master=master)

        if engine == "spark":
            rest = {name: _whole(value) for name, value in rest.items()}
        return command(*args, engine=start, **rest)

    return chosen


def _whole(value: Any) -> Any:
    """Paths from the root: a cluster's workers stand in folders of their own."""
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    return value.absolute() if isinstance(value, Path) else value
