"""The page “connect another system” as somebody follows it: the commands it shows, against an office that runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.operations.commands import TANTAM, done, environment, free_port, run

pytestmark = [
    pytest.mark.slow,  # an office is started
    pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here"),
]
PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "connect-a-system.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def office(home: Path) -> Iterator[str]:
    """Its address while it is served."""
    command = [*TANTAM, "office", "serve", "--workers", "1", "--home", str(home)]
    with subprocess.Popen(
        command, env=environment(PORT=free_port()), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[1].rstrip("/")
        server.terminate()


def curl(block: str, office: str, token: str) -> subprocess.CompletedProcess[str]:
    """What a block of the page says, with its two names filled in."""
    return subprocess.run(
        ["bash", "-c", block],
        env=environment(OFFICE=office, TOKEN=token),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_page_works_as_it_stands(home: Path, office: str) -> None:
    add, send, read = BLOCKS
    name, *options = re.findall(r'"([^"]+)"|(\S+)', add.partition("machine ")[2])
    words = [quoted or plain for quoted, plain in (name, *options)]
    told = done(home, "machine", *words).splitlines()
    number, token = re.search(r"number (\d+)", told[0]), told[1]
    assert number and token.startswith(f"tantam_{number[1]}_")
    first, again = curl(send, office, token), curl(send, office, token)
    assert first.returncode == 0, first.stdout + first.stderr
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert "Nậm Sương" in json.loads(first.stdout)["text"]
    assert json.loads(curl(read, office, token).stdout) == {"rows": [], "after": ""}
    listed = json.loads(done(home, "machine", "list", "--json"))
    assert [(one["name"], one["open"], one["last_used_on"] is not None) for one in listed] == [
        ("Tổng đài 18001090", True, True)
    ]
    newer = done(home, "machine", "rotate", number[1]).splitlines()[1]
    assert json.loads(curl(read, office, newer).stdout)["rows"] == []
    turned_away = curl(read, office, token)
    assert (
        turned_away.returncode == 22 and json.loads(turned_away.stdout)["type"] == "urn:tantam:not_signed_in"
    )
    assert "ended" in done(home, "machine", "list").splitlines()[0]
    assert "no longer" in done(home, "machine", "end", newer.split("_")[1])
    assert curl(read, office, newer).returncode == 22
    gone = run(home, "machine", "end", "999")
    assert (gone.returncode, "[no_such_machine]" in gone.stderr) == (3, True)
