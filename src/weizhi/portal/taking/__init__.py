"""带走: a list as a table (xlsx), one matter on paper (PDF). What is personal and leaves is an entry of the record."""
