"""One dated rule table and one way to ask it."""

from tantam.law.page import in_force, page, unverified_first
from tantam.law.table import UNITS, Row, ask, of, read, rows

__all__ = ["UNITS", "Row", "ask", "in_force", "of", "page", "read", "rows", "unverified_first"]
