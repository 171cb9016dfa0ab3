"""Cases: stories that are played through the same doors as real life, and what must hold at their end."""
