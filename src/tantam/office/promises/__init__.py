"""Everything we owe somebody: what, to whom, by when, with what proof; and the kept-promise rate."""
