"""Gatherings: the café meeting, from the fair choice of six guests to the sealed notebook."""
