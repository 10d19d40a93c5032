"""What goes wrong on a mountain, done to real processes: a browser that trusts one authority more, a Wi-Fi that is
cut, a browser that dies, a USB stick that is pulled. Nothing here ignores an error of a certificate.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)


def needed(*commands: str) -> list[str]:
    """The paths of commands, or a loud skip that says what to install."""
    packages = {"certutil": "libnss3-tools", "ip": "iproute2", "chromium": "chromium"}
    found = [os.environ.get("CHROMIUM_PATH") if name == "chromium" else None for name in commands]
    found = [path or shutil.which(name) for path, name in zip(found, commands, strict=True)]
    missing = [packages[name] for name, path in zip(commands, found, strict=True) if not path]
    if missing:
        pytest.skip(f"NOT TESTED: apt-get install {' '.join(missing)}")
    return [path for path in found if path]


def trust(home: Path, authority: Path) -> None:
    """Put an authority (PEM) into the certificate store of a Chromium whose HOME is ``home``, as a person would."""
    (certutil,) = needed("certutil")
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True, exist_ok=True)
    where = ["-d", f"sql:{store}"]
    subprocess.run([certutil, *where, "-N", "--empty-password"], check=True)
    subprocess.run([certutil, *where, "-A", "-t", "C,,", "-n", "camp", "-i", authority], check=True)


class Phone:
    """One device of a camp: a Chromium of 360 px with a profile of its own in ``folder``, in a network namespace or
    not. It can be killed as a flat battery would, and started again with what it kept."""

    def __init__(
        self, player: Playwright, folder: Path, *, trusts: Path | None = None, inside: str = ""
    ) -> None:
        self.player, self.folder = player, folder
        (chromium,) = needed("chromium")
        folder.mkdir(parents=True, exist_ok=True)
        if trusts:
            trust(folder, trusts)
        enter = f"{shutil.which('ip')} netns exec {inside} " if inside else ""
        self.script = folder / "chromium.sh"
        self.script.write_text(f'#!/bin/sh\necho $$ > {folder}/pid\nexec {enter}{chromium} "$@"\n')
        self.script.chmod(0o700)
        self.context: BrowserContext | None = None

    def start(self, **other: Any) -> BrowserContext:
        """Open its browser, with the profile of the last time."""
        self.context = self.player.chromium.launch_persistent_context(
            self.folder / "profile",
            executable_path=self.script,
            args=list(QUIET),
            env={**os.environ, "HOME": str(self.folder)},
            **{"viewport": {"width": 360, "height": 760}, "locale": "vi", **other},
        )
        self.context.set_default_timeout(20_000)
        return self.context

    def kill(self) -> None:
        """End it with SIGKILL, every process of it at once; the profile stays as it lay on the disk."""
        os.killpg(int((self.folder / "pid").read_text()), signal.SIGKILL)
        assert self.context is not None
        with suppress(Exception):  # it is dead: that is what was wanted
            self.context.close()
        for lock in (self.folder / "profile").glob(
            "Singleton*"
        ):  # a killed Chromium leaves them, a new one minds
            lock.unlink()

    def close(self) -> None:
        """End it in order."""
        if self.context is not None:
            self.context.close()


class Wifi:
    """The camp's own Wi-Fi: two network namespaces and a pair of virtual cables, ``kit`` at 10.77.N.1."""

    def __init__(self) -> None:
        tag = secrets.token_hex(2)
        self.kit, self.phones = f"tt{tag}k", f"tt{tag}p"
        self._cable = f"v{tag}"
        third = secrets.randbelow(250) + 1
        self.address, self._phone_address = f"10.77.{third}.1", f"10.77.{third}.2"

    def up(self) -> None:
        """Lay the cables; skips loudly where that is not permitted."""
        (self._ip,) = needed("ip")
        ends = ((self.kit, "k", self.address), (self.phones, "p", self._phone_address))
        try:
            for name, _, _ in ends:
                self._run("netns", "add", name)
            self._run("link", "add", f"{self._cable}k", "type", "veth", "peer", "name", f"{self._cable}p")
            for name, end, address in ends:
                self._run("link", "set", f"{self._cable}{end}", "netns", name)
                self._run("-n", name, "addr", "add", f"{address}/24", "dev", f"{self._cable}{end}")
                self._run("-n", name, "link", "set", "lo", "up")
                self._run("-n", name, "link", "set", f"{self._cable}{end}", "up")
        except subprocess.CalledProcessError as refused:
            self.down()
            pytest.skip(f"NOT TESTED: no network namespaces here (root?): {refused.stderr.decode().strip()}")

    def cut(self) -> None:
        """Nothing passes from now on; no one is told."""
        self._run("-n", self.phones, "link", "set", f"{self._cable}p", "down")

    def mend(self) -> None:
        """It passes again."""
        self._run("-n", self.phones, "link", "set", f"{self._cable}p", "up")

    def down(self) -> None:
        """Take everything away; what lives inside must have ended."""
        for name in (self.kit, self.phones):
            subprocess.run([self._ip, "netns", "del", name], check=False, capture_output=True)

    def _run(self, *words: str) -> None:
        subprocess.run([self._ip, *words], check=True, capture_output=True)


@contextmanager
def wifi() -> Iterator[Wifi]:
    """A Wi-Fi for as long as the block."""
    made = Wifi()
    made.up()
    try:
        yield made
    finally:
        made.down()


@contextmanager
def pulled(stick: Path) -> Iterator[None]:
    """A USB stick (a folder) is not there for as long as the block, as if it were pulled while being written."""
    away = stick.with_name(f"{stick.name}.pulled")
    stick.rename(away)
    try:
        yield
    finally:
        if stick.exists():
            shutil.rmtree(stick)
        away.rename(stick)
