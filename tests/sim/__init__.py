"""A quarter of the office and a day of a camp, played by lot and held against what must always be so."""
