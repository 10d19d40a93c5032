"""Pages that read many concepts: home, search, what we hold on a person. Writes nothing."""
