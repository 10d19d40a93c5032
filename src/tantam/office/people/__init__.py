"""Staff, offices and duties."""
