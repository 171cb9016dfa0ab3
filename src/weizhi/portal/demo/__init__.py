"""What only a demo shows: the tour that is its first page, and the time machine."""
