"""What a machine reads in the words of an opinion: the same :func:`tantam.listen.reading.read` as over files.

Its tables are loaded at the first opinion of a process (about two seconds), so that nothing else waits for them; after
that an opinion takes a millisecond.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings

from tantam.base.home import Home

if TYPE_CHECKING:
    from tantam.listen.themes import Themes

log = structlog.get_logger("tantam")


@cache
def ready() -> None:
    """Load the tables now, before a transaction that would hold others up meanwhile."""
    hear("")


def hear(words: str) -> dict[str, Any]:
    """The columns of a reading, and as ``theme`` the code and the name of its theme, or None. Nobody's words are lost
    for a machine that fails: then it says so in the log and the columns stay empty, for the worker to fill."""
    try:
        from tantam.listen.reading import read

        themes = _themes()
        said = read(words, themes=themes)
        named = None
        if themes is not None and said.theme is not None:
            named = said.theme, themes.names[themes.ids.index(said.theme)]
        return {
            "theme": named,
            "topic": said.topics[0],
            "also": "|".join(said.topics[1:]),
            "feeling": said.feeling,
            "complaint": said.complaint,
            "urgency": said.urgency,
            "unsure": "|".join(said.unsure),
        }
    except Exception as error:  # whatever is wrong with the machine, the opinion is written down
        log.error("reading_failed", code=getattr(error, "code", type(error).__name__))
        return {}


def _themes() -> Themes | None:
    """The themes that the last listening over files left in the home; looked at again when they change."""
    from tantam.listen.themes.kept import FILE

    file = Home(settings.HOME).themes / FILE
    return _kept(str(file.parent), file.stat().st_mtime_ns) if file.exists() else None


@lru_cache(maxsize=1)
def _kept(folder: str, changed: int) -> Themes:
    from tantam.listen.themes import Themes

    return Themes.load(Path(folder))
