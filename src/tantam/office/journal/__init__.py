"""Who did what, when, to what and why: append-only, sealed in batches, never a text, a name or a number."""
