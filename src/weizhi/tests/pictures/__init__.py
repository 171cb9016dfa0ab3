"""``make pictures``: the demo page by page, on a phone and at a desk, by day, by night and in large type."""
