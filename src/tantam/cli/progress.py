"""A progress bar on stderr when somebody watches, and silence when nobody does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(names: dict[str, str]) -> Iterator[Callable[[str, float], None]]:
    """Gives ``progress(stage, share)``; ``names`` says each stage in words. A share of 0 means "just begun"."""
    if not sys.stderr.isatty():
        yield lambda stage, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    times = (TimeElapsedColumn(), TextColumn("còn · left"), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), *times)
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)

        def progress(stage: str, share: float) -> None:
            shown.update(
                task, description=names.get(stage, stage), total=1.0 if share else None, completed=share
            )

        yield progress
