"""What people say, in Vietnamese: masked, cleaned, read, copies folded, themes named. Import the piece that is needed:
``from tantam.listen.mask import mask``."""
