"""A kit: the camp's laptop. It serves the stations over its own Wi-Fi, with no network and no office behind it."""
