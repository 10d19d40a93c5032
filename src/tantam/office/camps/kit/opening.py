"""A pack becomes a kit's folder, and the folder is opened again: after a night, a flat battery or a kill -9.

The folder holds the pack (sealed), the encrypted database, and what is nobody's health (kept tickets, device checks).
The key is in this process alone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tantam.errors import Refused
from tantam.office.camps import container, locks
from tantam.office.camps.container import Header, Opened
from tantam.office.camps.facts import Fact
from tantam.office.camps.kit import holding, tls
from tantam.office.camps.kit.holding import Held

PACK, LOCK = "pack.camp", "open.lock"
WAIT_S = 8.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Kit:
    """An opened kit: what it holds, and its certificates; empty texts where it was packed without."""

    held: Held
    addresses: tuple[str, ...]
    name: str
    server: str
    key: str


def write_pack(
    out: Path, header: Header, key: bytes, facts: list[Fact], *, words: str, secrets: dict[str, Any]
) -> int:
    """Write a pack, its key closed under the opening words; gives its size in bytes."""
    wrapped = locks.wrap_under(words, key, about=header.about, random=os.urandom)
    return container.write(out, replace(header, under_words=wrapped), key, facts, secrets=secrets)


def folder_of(source: Path) -> Path:
    """The folder of a kit: ``source`` itself, or the one beside the pack, ``kit1.camp`` → ``kit1.kit``."""
    return source if source.is_dir() else source.with_suffix(".kit")


def open_kit(source: Path, words: str, *, usb: Path | None = None) -> Kit:
    """Open a pack or a kit's folder with the opening words, bring its database up to date, and hold it.

    Refuses ``camp_key_wrong``, ``another_kit`` (the folder is of another camp or kit), ``no_pack``; BadInput as
    :func:`container.read`.
    """
    folder = folder_of(source)
    pack = source if source.is_file() else folder / PACK
    if not pack.is_file():
        raise Refused(
            "no_pack",
            f"There is no pack of a camp in {source}.",
            "Give the .camp file that headquarters made, or the folder of a kit.",
            vi=f"Không thấy gói của trại trong {source}. Chọn tệp .camp của trụ sở, hoặc thư mục máy trại.",
        )
    keys: list[bytes] = []

    def key_of(header: Header) -> bytes:
        keys.append(locks.unwrap_under(words, header.under_words, about=header.about))
        return keys[0]

    opened = container.read(pack, key_of)
    _settle(folder, pack, opened.header)
    kit = _kit(folder, opened, keys[0], usb)
    holding.hold(kit.held)
    _set_up()
    _fill(opened)
    return kit


def only_one(folder: Path) -> int:
    """Keep others from opening this folder; a handle that must stay open. Waits a moment for a server that was just
    killed; refuses ``kit_is_open``."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + WAIT_S
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        if time.monotonic() > deadline:
            os.close(handle)
            raise Refused(
                "kit_is_open",
                f"The kit in {folder} is open already.",
                "Use that one, or stop it first.",
                vi=f"Máy trại trong {folder} đang mở rồi. Dùng máy ấy, hoặc tắt nó trước.",
            )
        time.sleep(0.1)


def _settle(folder: Path, pack: Path, header: Header) -> None:
    """The pack's own place in the folder; a newer pack of the same kit replaces the older."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = folder / PACK
    if own.exists():
        known = container.header_of(own)
        if (known.camp, known.kit) != (header.camp, header.kit):
            raise Refused(
                "another_kit",
                f"The folder {folder} is of another camp or another kit.",
                "Move one of the two away; nothing was changed.",
                vi=f"Thư mục {folder} là của trại khác hoặc máy khác. Chuyển một trong hai đi; chưa có gì thay đổi.",
            )
    if own.exists() and own.samefile(pack):
        return
    half = folder / f".{PACK}.part"
    shutil.copyfile(pack, half)
    half.chmod(0o600)
    half.replace(own)


def _kit(folder: Path, opened: Opened, key: bytes, usb: Path | None) -> Kit:
    header, secrets = opened.header, opened.secrets
    addresses = tuple(str(one) for one in secrets.get("addresses", ()))
    name = tls.name_of(header.camp, header.kit)
    held = Held(
        camp=header.camp,
        key=key,
        number=header.kit,
        folder=folder.absolute(),
        hosts=(*addresses, name, *LOOPBACK[:2], "[::1]"),
        authority=str(secrets.get("authority", "")),
        usb=usb.absolute() if usb else None,
        under_words=header.under_words,
    )
    return Kit(held, addresses, name, str(secrets.get("server", "")), str(secrets.get("server_key", "")))


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tantam.office.camps.kit.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="health", verbosity=0, interactive=False, skip_checks=True)


def _fill(opened: Opened) -> None:
    """The camp's row and the plan's facts; what is there already stays."""
    from tantam import clock
    from tantam.office.camps import day, ledger
    from tantam.office.camps.models import Camp

    planned = day.fold(opened.facts).plan.planned
    if planned is None:
        raise Refused(
            "no_plan",
            "The pack holds no plan of a camp.",
            "Pack it again at headquarters.",
            vi="Gói này không có kế hoạch trại. Xuất gói lại ở trụ sở.",
        )
    said = {
        "name": planned.name,
        "place": planned.place,
        "place_code": planned.place_code,
        "province": planned.province,
        "on": planned.on,
        "general": planned.general,
        "made_up": planned.made_up,
        "state": "open",
    }
    camp, _ = Camp.objects.update_or_create(
        id=opened.header.camp, defaults=said, create_defaults={**said, "made_at": clock.now()}
    )
    ledger.append(camp, opened.facts)
