"""Is this machine ready, and are the kernels compiled."""

from __future__ import annotations

import click


@click.command()
def warm() -> None:
    """Compile and cache the numba kernels, so that nobody's first run stutters."""
    import numpy as np

    from tantam import keys

    keys.bucket(np.arange(2, dtype=np.int64), "warm")
    click.echo("Kernels are compiled.")
