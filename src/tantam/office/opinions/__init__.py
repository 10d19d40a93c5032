"""What a customer said, word for word and masked, forwarded and followed."""
