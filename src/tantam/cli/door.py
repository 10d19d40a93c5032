"""The command group: errors become one plain sentence and an exit code; commands load only when called."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from tantam import __version__
from tantam.errors import BadInput, TantamError, place

COMMANDS = {
    "demo": ("demo", "the whole story on a made-up operator, in three minutes"),
    "sample": ("sample", "a made-up operator: base, offers, outcomes"),
    "base": ("base", "load, describe and forget subscribers"),
    "segment": ("segment", "count, explain and compare groups of subscribers"),
    "decide": ("decide", "give each subscriber the care that fits, within money, seats and fairness"),
    "explain": ("decide", "why one subscriber got this and not that"),
    "prove": ("prove", "did it help: what the hold-out says"),
    "worth": ("worth", "what offers bring to whom, learned from past rounds: fit, check, score"),
    "office": ("office", "the office in a browser: set up, serve, back up, prove"),
    "promises": ("promises", "what we owe, and the kept-promise rate"),
    "quality": ("quality", "measurements in, pledges judged month by month"),
    "listen": ("listen", "what people say: read, fold copies, name themes, mask"),
    "gate": ("gate", "may we contact this person now, and which rule says so"),
    "camp": ("camp", "a medical camp: pack, open without network, sign, bring home"),
    "law": ("law", "the dated rules and their sources"),
    "doctor": ("doctor", "say whether this machine can run everything"),
    "warm": ("doctor", "compile the kernels now, so that no first run stutters"),
}
"""Command → the module of ``tantam.cli`` that holds it, and its line in ``--help``."""


class Door(click.Group):
    """A group that imports a command's module when it is named, so that ``tantam explain`` starts at once.

    ``doors`` is shaped as :data:`COMMANDS`.
    """

    def __init__(self, *args: Any, doors: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doors = doors

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.doors)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.doors:
            return None
        module = importlib.import_module(f"tantam.cli.{self.doors[name][0]}")
        return getattr(module, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.doors.items()])


@click.group(
    cls=Door,
    doors=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="tantam")
def tantam() -> None:
    """Tận Tâm: hear every customer, give each the care that fits, keep every promise, prove that it helped.

    Start with `tantam demo`. Every command takes --help and --home DIR (default TANTAM_HOME, else ./home).
    """


def home_option(command: Any) -> Any:
    """``--home DIR`` on every command."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        default=lambda: Path(os.environ.get("TANTAM_HOME", "home")),
        show_default="TANTAM_HOME, else ./home",
        help="The folder that holds the base, the rounds and the secret.",
    )(command)


def json_option(command: Any) -> Any:
    """``--json`` on every command that prints figures."""
    return click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")(command)


def main() -> None:
    """Run a command; say errors in one sentence on stderr and leave with their exit code."""
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has gone; there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.stderr.flush()
    # The engine's binding counts its own references at shutdown and complains on stderr, where only we may speak.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    sys.exit(code)


def _run() -> int:
    try:
        # Without its standalone mode click gives back the code that a command left with, and does not raise it.
        left_with = tantam.main(prog_name="tantam", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing half-done is kept. [stopped]", err=True)
        return 130
    except click.ClickException as wrong:
        say(BadInput("bad_command", wrong.format_message(), "See --help."))
        return BadInput.exit_code
    except TantamError as error:
        say(error)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("TANTAM_TRACEBACK"):
            raise
        click.echo(
            f"We broke: {type(error).__name__} at {place(error)}. Nothing half-done is kept. "
            "Set TANTAM_TRACEBACK=1 and run again to see all of it. [fault]",
            err=True,
        )
        return 1
    return left_with if isinstance(left_with, int) else 0


def say(error: TantamError) -> None:
    """One plain sentence on stderr."""
    click.echo(" ".join(str(error).split()), err=True)
