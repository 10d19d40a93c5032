"""One text as the rules read it, with what has been found already out of sight."""

from __future__ import annotations

from collections.abc import Iterable

from tantam.listen.mask.alphabet import shadow

Span = tuple[int, int, str]
"""Where something begins and ends, and its kind."""

HIDDEN = "]"
"""What stands for every character of something found. No rule reads across it, as none reads across a bracketed word,
so that masking twice is masking once."""


class View:
    """``seen`` is the text's shadow: rules match on it, and ask :meth:`spelt` where accents or capitals matter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.seen, self._at = shadow(text)
        self.found: list[Span] = []

    def spelt(self, start: int, end: int) -> str:
        """The characters of the text behind a piece of its shadow, accents and invisible ones included."""
        return self.text[start:end] if self._at is None else self.text[self._at[start] : self._at[end]]

    def hide(self, spans: Iterable[Span]) -> None:
        """Keep what a rule found, and take it out of sight of the next."""
        made = list(spans)
        if made:
            self.found += made
            self.seen = replaced(self.seen, [(a, b, HIDDEN * (b - a)) for a, b, _ in made])

    def places(self) -> list[Span]:
        """All that was found, in the order of the text, as places in the text itself."""
        if self._at is None:
            return sorted(self.found)
        at = self._at
        return sorted((at[a], at[b - 1] + len(self.spelt(b - 1, b)), kind) for a, b, kind in self.found)


def replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The text with other words in the place of each span; the spans are in order and apart."""
    parts, at = [], 0
    for start, end, instead in spans:
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])
