"""The page a care-programme manager shows the director: one file, both languages, nothing fetched."""

from tantam.care.report.page import render

__all__ = ["render"]
