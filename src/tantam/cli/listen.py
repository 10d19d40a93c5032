"""``tantam listen``: what people say, from files to themes."""

from __future__ import annotations

import click

from tantam.cli.door import Door

COMMANDS = {
    "run": ("listen_run", "files of opinions: read every one, fold copies, find themes"),
    "find": ("listen_run", "who else said this"),
    "repeats": ("listen_repeats", "fold long texts that repeat themselves and each other"),
    "train": ("listen_heads", "learn a question of your own from labelled texts"),
    "eval": ("listen_heads", "how good a model is on texts it has not seen"),
    "suggest": ("listen_heads", "which texts to label next"),
    "themes": ("listen_themes", "what many people say: list, rename, merge, split, pin, hide"),
    "mask": ("listen_mask", "take numbers, addresses and names out of a text: stdin to stdout"),
}


@click.group(cls=Door, doors=COMMANDS)
def listen() -> None:
    """What people say, in Vietnamese: read it, fold copies, find themes people can name and act on.

    Notes of the tele-health line never come here.
    """
