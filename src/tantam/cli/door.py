"""The command group: errors become one plain sentence and an exit code; commands load only when called."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from tantam import __version__
from tantam.errors import BadInput, TantamError

COMMANDS = {
    "demo": ("demo", "the whole story on a made-up operator, in three minutes"),
    "sample": ("sample", "a made-up operator: base, offers, outcomes"),
    "base": ("base", "load, describe and forget subscribers"),
    "segment": ("segment", "count, explain and compare groups of subscribers"),
    "decide": ("decide", "give each subscriber the care that fits, within money, seats and fairness"),
    "explain": ("decide", "why one subscriber got this and not that"),
    "prove": ("prove", "did it help: what the hold-out says"),
    "law": ("law", "the dated rules and their sources"),
    "doctor": ("doctor", "say whether this machine can run everything"),
    "warm": ("doctor", "compile the kernels now, so that no first run stutters"),
}
"""Command → the module of ``tantam.cli`` that holds it, and its line in ``--help``."""


class Door(click.Group):
    """A group that imports a command's module when it is named, so that ``tantam explain`` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"tantam.cli.{COMMANDS[name][0]}")
        return getattr(module, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
        tantam.main(prog_name="tantam", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(130)
    except click.ClickException as wrong:
        say(BadInput("bad_command", wrong.format_message(), "See --help."))
        sys.exit(3)
    except TantamError as error:
        say(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # a traceback may hold values; the kind and place are enough to find it
        if os.environ.get("TANTAM_TRACEBACK"):
            raise
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else "?"
        click.echo(
            f"We broke: {type(error).__name__} at {place}. Nothing half-done is kept. "
            "Set TANTAM_TRACEBACK=1 and run again to see all of it. [fault]",
            err=True,
        )
        sys.exit(1)


def say(error: TantamError) -> None:
    """One plain sentence on stderr."""
    click.echo(" ".join(str(error).split()), err=True)
