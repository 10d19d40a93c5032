"""Quality as committed: regulation ≤ declared ≤ pledged, measured, and made right where it was broken."""
