"""What people say, in Vietnamese. Its first piece: a text is masked before anybody keeps it."""

from tantam.listen.mask import KINDS, found, mask

__all__ = ["KINDS", "found", "mask"]
