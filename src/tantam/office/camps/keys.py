"""Where a camp's key lies: at headquarters in ``home/secret/camps/``, on a kit in memory while it is open.

``<camp>.key`` is a camp's own key, wrapped for ``headquarters-key`` (X25519), and opens what its kits bring home. They
are in no database and no backup of one: destroying ``<camp>.key`` makes every copy of that camp's facts noise.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tantam.base.stage import to_disk
from tantam.errors import Refused
from tantam.office.camps import locks
from tantam.office.camps.on_disk import private


def headquarters(home: Path) -> bytes:
    """Headquarters' private key (32 bytes), made the first time."""
    file = _folder(home) / "headquarters-key"
    if not file.exists():
        _write(file, secrets.token_bytes(locks.KEY_BYTES))
    return file.read_bytes()


def make(home: Path, camp: UUID) -> bytes:
    """A new camp's key, kept wrapped; asked again, it is the one already there."""
    file = _folder(home) / f"{camp}.key"
    if not file.exists():
        public = locks.public_of(headquarters(home))
        key = secrets.token_bytes(locks.KEY_BYTES)
        _write(file, locks.wrap_for(public, key, about=camp.bytes, random=os.urandom))
    return of_camp(home, camp)


def of_camp(home: Path, camp: UUID) -> bytes:
    """A camp's key; refuses ``camp_key_gone`` where the camp was deleted, or its key never came here."""
    file = _folder(home) / f"{camp}.key"
    if not file.exists():
        raise Refused(
            "camp_key_gone",
            "The key of this camp is not here: its health data was deleted, or it is another office's.",
            "Nothing can be read of it. If it was deleted by mistake, put the secret folder back from its backup.",
            vi="Không còn khoá của trại này: dữ liệu sức khoẻ đã xoá, hoặc trại của nơi khác. "
            "Không đọc lại được. Nếu xoá nhầm, chép lại thư mục secret từ bản sao lưu của nó.",
        )
    return locks.unwrap_with(headquarters(home), file.read_bytes(), about=camp.bytes)


def here(camp: UUID) -> bytes:
    """The key of a camp in this process, at headquarters or on its kit; refuses ``camp_key_gone``."""
    kit_key: bytes = getattr(settings, "KIT_KEY", b"")
    return kit_key or of_camp(settings.HOME, camp)


def there(home: Path, camp: UUID) -> bool:
    """Whether a camp's key is still kept here."""
    return (_folder(home) / f"{camp}.key").exists()


def destroy(home: Path, camp: UUID) -> None:
    """Overwrite and remove a camp's key; done twice, it is gone the first time."""
    file = _folder(home) / f"{camp}.key"
    if file.exists():
        _write(file, secrets.token_bytes(file.stat().st_size))
        file.unlink()
        to_disk(file.parent)


def _folder(home: Path) -> Path:
    folder = home / "secret" / "camps"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(file: Path, content: bytes) -> None:
    with private(file) as out:
        out.write(content)
