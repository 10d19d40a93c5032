"""A made-up operator from a seed: its subscriber file (``base``), a ready offers file, and what
became of everybody after a round (``outcomes``), played from hidden effects that the seed gives."""

from tantam.sample.base import write as make_base
from tantam.sample.months import play
from tantam.sample.offers import offers_text

__all__ = ["make_base", "offers_text", "play"]
