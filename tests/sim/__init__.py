"""A quarter of the office, played by lot and held against what must always be so."""
