"""The page an analyst opens: what was said, by how many, about what, and what rises; one file, both languages."""

from tantam.listen.report.page import render

__all__ = ["render"]
