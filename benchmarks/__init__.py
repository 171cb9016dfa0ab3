"""What a request costs with 100,000 matters loaded: ``make bench``. Numbers, never a test."""
