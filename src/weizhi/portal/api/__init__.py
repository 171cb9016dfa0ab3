"""The API: the same doors as the pages, for programs."""
