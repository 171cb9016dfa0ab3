"""A text as people read, compare and write it; and the points of the experts with their answers."""
