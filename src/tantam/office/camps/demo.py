"""In a demo the camp of the day is open on a kit beside the office: where it is, and its newest copy on the stick."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from tantam.office.camps.models import Camp

PACK, WORDS, USB, WHERE = "kit1.camp", "words.txt", "usb", "where.json"
STATIONS = (
    ("registrar", "Đón tiếp", "Registrar"),
    ("doctor", "Bác sĩ", "Doctor"),
    ("pharmacist", "Phát thuốc", "Pharmacist"),
)


@dataclass(frozen=True)
class Beside:
    """The kit beside this office: its address, and the secret of the link that signs a visitor in there."""

    address: str
    secret: str

    def link(self, station: str) -> str:
        """Straight to a station, signed in."""
        return f"{self.address}/demo/{self.secret}/{station}/"

    @property
    def link_to_day(self) -> str:
        """To the lead's station, from where the day is closed."""
        return self.link("lead")

    @property
    def stations(self) -> list[dict[str, str]]:
        """Where a visitor may work first."""
        return [{"code": code, "vi": vi, "en": en, "href": self.link(code)} for code, vi, en in STATIONS]


def folder(home: Path) -> Path:
    """Where the demo keeps its kit."""
    return home / "camp"


def has_kit(home: Path) -> bool:
    """Whether a kit was packed here to be opened beside the office."""
    return (folder(home) / PACK).exists()


def beside(camp: Camp) -> Beside | None:
    """The kit of this camp, where the office is a demo and one is open beside it."""
    told = _told() if settings.DEMO else {}
    if told.get("camp") != str(camp.pk):
        return None
    return Beside(told["address"], told["secret"])


def newest_copy(camp: Camp) -> Path | None:
    """The last copy that the kit beside wrote on its stick."""
    if beside(camp) is None:
        return None
    return max(
        (folder(settings.HOME) / USB).glob("*.camp"), key=lambda file: file.stat().st_mtime, default=None
    )


def _told() -> dict[str, Any]:
    try:
        return dict(json.loads((folder(settings.HOME) / WHERE).read_text()))
    except (FileNotFoundError, ValueError):
        return {}
