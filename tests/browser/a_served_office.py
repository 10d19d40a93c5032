"""A small office served by ``tantam office serve`` as a process of its own, and people who have signed in to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.a_world import PASSWORD

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
QUIET += ("--disable-background-networking", "--disable-component-update")


class Office:
    """Where it is served, what is in it, and who has signed in; ``ids``, ``links``: as a_world.py tells."""

    def __init__(self, address: str, told: dict[str, Any]) -> None:
        self.address, self.ids, self.links = address, told["ids"], told["links"]
        self.routes: list[tuple[str, str]] = [tuple(row) for row in told["routes"]]
        self.texts: list[str] = told["texts"]
        self._signed_in: dict[str, StorageState] = {}

    def url(self, path: str) -> str:
        """The whole address of a path, with ``{name}`` filled in from ``ids``."""
        return self.address + path.format(**self.ids, **{f"link_{k}": v for k, v in self.links.items()})

    def context(self, browser: Browser, who: str | None, lang: str = "vi", **other: Any) -> BrowserContext:
        """A browser of somebody's own, signed in through a link; ``password``: by password, ``twosteps``: and a code,
        ``halfway``: the code is still to come."""
        if who and who not in self._signed_in:
            self._signed_in[who] = self._sign_in(browser, who)
        kept = self._signed_in[who] if who else None
        context = browser.new_context(
            storage_state=kept, **{"viewport": {"width": 1440, "height": 900}, **other}
        )
        if lang != "vi":
            context.add_cookies([{"name": "django_language", "value": lang, "url": self.address}])
        return context

    def _sign_in(self, browser: Browser, who: str) -> StorageState:
        context = browser.new_context()
        page = context.new_page()
        if who in ("halfway", "twosteps", "password"):
            self.give_password(page, "lam" if who == "password" else "yen")
            if who == "twosteps":
                page.locator("[name=code]").fill(self.links["recovery"])
                page.keyboard.press("Enter")
                page.wait_for_url(self.url("/"))
        else:
            page.goto(self.url(f"/accounts/demo/{self.links[who]}/"))
        state = context.storage_state()
        context.close()
        return state

    def give_password(self, page: Page, login: str) -> None:
        """The form that everybody signs in with."""
        page.goto(self.url("/accounts/login/"))
        page.locator("[name=login]").fill(login)
        page.locator("[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("main button[type=submit], main form button").first.click()


@contextmanager
def served(home: Path) -> Iterator[Office]:
    """Make the office in ``home`` and serve it at a free port until the block ends."""
    env = _environment(home)
    tantam = [sys.executable, "-m", "tantam.cli"]
    _run(env, *tantam, "sample", "base", "--subscribers", "6000", "--seed", "1", "--out", str(home / "files"))
    files = [str(f) for f in sorted((home / "files").glob("*.parquet"))]
    _run(env, *tantam, "base", "load", *files, "--home", str(home))
    _run(env, *tantam, "office", "migrate", "--home", str(home))
    told = json.loads(_run(env, sys.executable, "-m", "tests.browser.a_world", str(home)))
    log = (home / "serve.log").open("wb")
    serving = subprocess.Popen(
        [*tantam, "office", "serve", "--workers", "1", "--home", str(home)], env=env, stdout=log, stderr=log
    )
    try:
        address = f"http://127.0.0.1:{env['PORT']}"
        _wait(serving, home / "serve.log", f"Open: {address}")
        yield Office(address, told)
    finally:
        serving.terminate()
        serving.wait(timeout=30)
        log.close()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TANTAM_", "DJANGO_"))}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    root = str(Path(__file__).parents[2])
    return kept | {"TANTAM_HOME": str(home), "TANTAM_DEMO": "yes", "PORT": port, "PYTHONPATH": root}


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=env["PYTHONPATH"])
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(words[:6])} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout


def _wait(serving: subprocess.Popen[bytes], log: Path, said: str, patience_s: float = 60) -> None:
    until = time.monotonic() + patience_s
    while said not in log.read_text(errors="replace"):
        if serving.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"The office did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)
