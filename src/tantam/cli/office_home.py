"""How a command opens the office of a home: Django is loaded here and nowhere else in the terminal, and only then."""

from __future__ import annotations

import os
from pathlib import Path

from tantam.errors import Fault, Refused


def open_office(home: Path, *, new: bool = False) -> None:
    """Make the office of ``home`` ready: settings read, models loaded; with ``new`` it may not exist yet.

    Refuses ``no_office`` where no office has been made, so that a question never makes one. One process opens one
    office; asking for a second is our own fault (``another_home``).
    """
    home = home.absolute()
    if not new and not os.environ.get("TANTAM_DATABASE_URL") and not (home / "office.sqlite3").exists():
        raise Refused(
            "no_office",
            f"There is no office in {home}.",
            "Make one with `tantam office migrate`, or name its folder with --home.",
            vi=f"Trong {home} chưa có văn phòng nào. Lập bằng `tantam office migrate`, hoặc chỉ thư mục bằng --home.",
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tantam.office.settings")
    from django.conf import settings

    if not settings.configured:
        os.environ["TANTAM_HOME"] = str(home)
        import django

        django.setup()
    elif home != settings.HOME:
        raise Fault("another_home", f"This process has opened {settings.HOME} already.", "Start another one.")
