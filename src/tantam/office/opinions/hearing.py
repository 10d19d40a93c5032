"""What a machine reads in the words of an opinion: the same :func:`tantam.listen.reading.read` as over files.

Its tables are loaded at the first opinion of a process (about two seconds), so that nothing else waits for them; after
that an opinion takes a millisecond.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import structlog

log = structlog.get_logger("tantam")


@cache
def ready() -> None:
    """Load the tables now, before a transaction that would hold others up meanwhile."""
    hear("")


def hear(words: str) -> dict[str, Any]:
    """The columns of a reading. Nobody's words are lost for a machine that fails: then it says so in the log and the
    columns stay empty, for the worker to fill."""
    try:
        from tantam.listen.reading import read

        said = read(words)
        return {
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
