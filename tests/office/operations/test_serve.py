"""``tantam office serve`` and ``work``: opens, answers, and stops when told, with nothing left behind."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.office.operations.commands import TANTAM, done, environment, free_port, run

pytestmark = pytest.mark.slow  # a dozen processes are started
Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def serve(home: Path) -> Iterator[Serve]:
    """Starts servers in sessions of their own, as a terminal does, and ends what a test left running."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **settings: str) -> subprocess.Popen[str]:
        command = [*TANTAM, "office", "serve", "--workers", "1", *words, "--home", str(home)]
        server = subprocess.Popen(
            command, env=environment(**settings), stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        started.append(server)
        return server

    yield start
    for server in started:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _opened(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    assert line.startswith("Open: http://127.0.0.1:")
    return line.split()[1]


def _health(address: str) -> bytes:
    with urllib.request.urlopen(f"{address}api/health", timeout=20) as answer:
        return bytes(answer.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_stops_cleanly_with_its_worker(serve: Serve, number: int) -> None:
    server = serve("--and-work", PORT=free_port())
    address = _opened(server)
    assert b'"up"' in _health(address)
    os.killpg(server.pid, number)
    assert server.wait(timeout=30) == 0
    with pytest.raises(ProcessLookupError):  # nobody of its session is left
        for _ in range(50):
            os.killpg(server.pid, 0)
            time.sleep(0.1)


def test_the_worker_seals_what_comes_and_ends_with_its_server(serve: Serve, home: Path) -> None:
    server = serve("--and-work", PORT=free_port())
    _opened(server)
    done(home, "staff", "invite", "lam")
    for _ in range(100):
        with sqlite3.connect(home / "office.sqlite3") as db:
            if not db.execute("SELECT count(*) FROM journal_entry WHERE seal IS NULL").fetchone()[0]:
                break
        time.sleep(0.2)
    else:
        pytest.fail("the journal was not sealed")
    server.kill()  # the server alone, as the kernel does when memory runs out
    server.wait()
    for _ in range(100):
        try:
            os.killpg(server.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("somebody of the killed server is still there")


def test_a_port_in_use_is_said(serve: Serve, home: Path) -> None:
    port = free_port()
    _opened(serve(PORT=port))
    second = run(home, "serve", PORT=port)
    assert second.returncode == 2 and f"Port {port} is in use" in second.stderr


def test_tables_of_another_version_are_refused(home: Path) -> None:
    with sqlite3.connect(home / "office.sqlite3") as db:
        db.execute("DELETE FROM django_migrations WHERE app = 'worker'")
    for words in (["serve"], ["work", "--once"]):
        asked = run(home, *words, PORT=free_port())
        assert asked.returncode == 2 and "[office_not_migrated]" in asked.stderr


def test_wrong_settings_stop_the_start_with_a_sentence(home: Path) -> None:
    for setting in ({"PORT": "99999"}, {"TANTAM_HTTPS": "maybe"}, {"TANTAM_BIND": "203.0.113.7"}):
        asked = run(home, "serve", **{"PORT": free_port(), **setting})
        assert asked.returncode == 3 and "[bad_setting]" in asked.stderr and asked.stderr.count("\n") == 1


def test_a_sign_in_link_is_for_demos_only(serve: Serve, home: Path) -> None:
    refused = run(home, "serve", "--sign-in", "lam", PORT=free_port())
    assert refused.returncode == 2 and "[not_a_demo]" in refused.stderr
    address = _opened(serve("--sign-in", "lam", PORT=free_port(), TANTAM_DEMO="yes"))
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(address, timeout=20) as page:
        assert "Trương Ngọc Lâm" in page.read().decode()
    with pytest.raises(urllib.error.HTTPError) as spent:
        urllib.request.urlopen(address, timeout=20)
    assert spent.value.code in (403, 409, 410)
