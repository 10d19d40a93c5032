"""``tantam listen mask``: stdin to stdout, without anybody's numbers."""

from __future__ import annotations

import sys

import click


@click.command()
def mask() -> None:
    """Take numbers, addresses and names out of a text: stdin to stdout, line by line.

    \b
    tantam listen mask < notes.txt > masked.txt
    """
    from tantam.listen.mask import mask as masked

    for line in sys.stdin:
        click.echo(masked(line.rstrip("\n")))
