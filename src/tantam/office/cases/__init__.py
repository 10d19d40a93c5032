"""Questions and complaints, each with the clocks that the law sets."""
