"""The conventions in force: their articles in large plain words, since when, by which decision, and what changed."""
