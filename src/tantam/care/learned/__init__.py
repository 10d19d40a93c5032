"""Worth that was learned from past rounds: a model file, its scores of a whole base, and reading them back."""

from tantam.care.learned.scores import Scores

__all__ = ["Scores"]
