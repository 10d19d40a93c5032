"""What care exists and why: purpose, theme, year, owner, rhythm, lessons."""
