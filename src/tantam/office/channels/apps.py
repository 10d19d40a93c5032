"""The room as Django starts it: a wrong server of mails stops the start."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class Channels(AppConfig):
    """Reads the settings of mails once, before anything else of the room runs."""

    name = "tantam.office.channels"

    def ready(self) -> None:
        """Refuses ``bad_setting``."""
        from tantam.office.channels.mail_server import chosen

        chosen(settings)
