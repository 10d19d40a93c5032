"""The pages of docs/reference that are generated, so that they cannot lie: from commands, source and tables.

``python -m tantam.cli.reference`` writes them; with ``--check`` it says which differ and fails.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import click

from tantam.cli.door import COMMANDS, tantam

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "tantam"
_KINDS = {"Refused": "2, refused", "BadInput": "3, bad input", "Fault": "1, fault"}

SETTINGS = {
    "TANTAM_HOME": "the folder that holds the base, the rounds and the secret; ./home by default",
    "TANTAM_MEMORY_MB": "the most memory the engine takes before it spills to disk; 4000 by default",
    "TANTAM_TRACEBACK": "set to 1, a fault shows its whole traceback (it may hold values of your data)",
    "PORT": "where `tantam office serve` listens; 8000 by default",
    "TANTAM_BIND": "the address it listens on; 127.0.0.1 by default, so this machine alone gets in",
    "TANTAM_HOSTS": "names the office answers to, with commas between; localhost by default",
    "TANTAM_HTTPS": "`yes` behind a proxy with HTTPS: Secure cookies, HSTS, links with https; `no` by default",
    "TANTAM_DATABASE_URL": "a PostgreSQL for the office, `postgresql://ROLE:PASSWORD@HOST:5432/NAME`; "
    "unset, SQLite in the home",
    "TANTAM_HEALTH_DATABASE_URL": "a second database with a role of its own for health data; needed with the first",
    "TANTAM_SECOND_FACTOR": "`required` (default) or `no`: whether staff must sign in with a second factor",
    "TANTAM_OPERATOR": "the operator's name on the pages; Sao Mai, the made-up one, by default",
    "TANTAM_DEMO": "`yes` for a made-up office: no second factor, sign-in links that work once; `no` by default",
    "TANTAM_SAY_PER_MINUTE": "how many opinions a minute the form for anybody takes from one address; 5 by default",
    "TANTAM_SAY_PER_HOUR": "the same in an hour; 30 by default",
    "TANTAM_SAY_PER_HOUR_TOTAL": "how many an hour from everybody together; 2000 by default",
    "TANTAM_SMS": "`smpp://system_id@host:port` of an SMS centre (docs/how-to/connect-a-gateway.md), `console` to "
    "print messages instead (the demo's default), or `no` (default): they wait",
    "TANTAM_SMS_PASSWORD": "its password",
    "TANTAM_MAIL": "the server that takes mails: `smtps://user@host:465`, `smtp://user@host:587` (with STARTTLS), "
    "`smtp://localhost`; unset, mails wait (in the demo they are printed)",
    "TANTAM_MAIL_PASSWORD": "its password",
    "TANTAM_MAIL_FROM": "whom mails come from, `Sao Mai <care@example.com>`; needed with TANTAM_MAIL",
    "TANTAM_SMS_COPY_TO": "where a copy of each advertising SMS goes, as the law asks; 5656 by default, empty for none",
    "TANTAM_SMS_PRICE_DONG": "what one part of an SMS costs, in whole đồng: lists of messages and whoever is about to "
    "send then see the cost; unset or 0, only the parts",
    "TANTAM_LOG": "how much the office logs, as JSON lines: debug, info (default), warning, error",
    "TANTAM_DATA": "for tests and benchmarks: a folder of real data sets; unset, what needs them is skipped",
}


def pages() -> dict[str, str]:
    """Every generated page: file name → text."""
    from tantam import law
    from tantam.base import columns
    from tantam.cli import public_pages
    from tantam.listen import columns as readings

    return {
        "commands.md": commands(),
        "errors.md": errors(),
        "columns.md": columns.page(),
        "law.md": law.page(),
        "pages.md": public_pages.page(),
        "readings.md": readings.page(),
        "settings.md": settings(),
    }


def commands() -> str:
    """Each command's own help."""
    lines = ["# Commands", "", "Generated from the commands' own `--help`.", ""]
    root = click.Context(tantam, info_name="tantam")
    for name in COMMANDS:
        command = tantam.get_command(root, name)
        assert command is not None
        lines += _help(command, click.Context(command, info_name=name, parent=root))
    return "\n".join(lines)


def _help(command: click.Command, ctx: click.Context) -> list[str]:
    text = re.sub(r"[ \t]+$", "", command.get_help(ctx), flags=re.MULTILINE)
    lines = [f"## `{ctx.command_path}`", "", "```text", text, "```", ""]
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            lines += _help(inner, click.Context(inner, info_name=name, parent=ctx))
    return lines


def errors() -> str:
    """Every code that is raised on purpose, and where."""
    rows = sorted({row for file in SOURCE.rglob("*.py") for row in _raised(file)})
    lines = [
        "# Errors",
        "",
        "Every error carries a code, what happened and what to do. Collected from the source.",
        "",
    ]
    lines += ["| code | exit code | raised in |", "| --- | --- | --- |"]
    places: dict[tuple[str, str], list[str]] = {}
    for code, kind, place in rows:
        places.setdefault((code, kind), []).append(place)
    lines += [f"| `{code}` | {_KINDS[kind]} | {', '.join(where)} |" for (code, kind), where in places.items()]
    return "\n".join([*lines, ""])


def _raised(file: Path) -> list[tuple[str, str, str]]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _KINDS
            and node.args
        ):
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                found.append((code.value, node.func.id, str(file.relative_to(SOURCE).with_suffix(""))))
    return found


def settings() -> str:
    """Every TANTAM_* setting that the source reads."""
    read = set(
        re.findall(r"TANTAM_[A-Z_]+", "".join(f.read_text(encoding="utf-8") for f in SOURCE.rglob("*.py")))
    )
    unsaid = read - set(SETTINGS)
    if unsaid:
        sys.exit(f"These settings are read but not documented in tantam.cli.reference: {sorted(unsaid)}")
    lines = [
        "# Settings",
        "",
        "All are environment variables; with none set, everything runs on one machine.",
        "",
    ]
    lines += [
        "| setting | what it does |",
        "| --- | --- |",
        *(f"| `{k}` | {v} |" for k, v in SETTINGS.items()),
        "",
    ]
    return "\n".join(lines)


def run(check: bool) -> int:
    """Write the pages, or say which differ; returns how many differ."""
    stale = 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        file = PAGES / name
        if check:
            same = file.exists() and file.read_text(encoding="utf-8") == text
            stale += not same
            if not same:
                click.echo(f"{file.relative_to(ROOT)} is stale: python -m tantam.cli.reference", err=True)
        else:
            file.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(1 if run("--check" in sys.argv) else 0)
