"""Tận Tâm: hear every customer, give each the care that fits, keep every promise, prove that it helped."""

__version__ = "0.1.0"
