"""A made-up operator from a seed: its subscriber file (``base``), a ready offers file, what became of everybody
after a round (``outcomes``), played from hidden effects that the seed gives, and what they say (``opinions``)."""

from tantam.sample.base import write as make_base
from tantam.sample.months import play
from tantam.sample.offers import offers_text
from tantam.sample.opinions import write as make_opinions

__all__ = ["make_base", "make_opinions", "offers_text", "play"]
