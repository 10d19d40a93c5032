"""Provinces by date, names with and without accents, the map and the tile map."""

from tantam.letters import fold
from tantam.places.drawing import MAP_CSS
from tantam.places.lookup import find, nearest, spellings, today
from tantam.places.provinces import FIRST_DAY, MERGED_ON, PROVINCES, Province, provinces
from tantam.places.shapes import map_svg
from tantam.places.tiles import tile_svg

__all__ = [
    "FIRST_DAY",
    "MAP_CSS",
    "MERGED_ON",
    "PROVINCES",
    "Province",
    "find",
    "fold",
    "map_svg",
    "nearest",
    "provinces",
    "spellings",
    "tile_svg",
    "today",
]
