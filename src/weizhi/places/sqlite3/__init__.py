"""SQLite as Weizhi speaks to it: Django's own backend, and what its pages ask thousands of times an hour."""
