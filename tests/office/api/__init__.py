"""What machines are promised, and that it is kept."""
