"""Medical camps: planned by need, worked a whole day without network, merged without loss."""
