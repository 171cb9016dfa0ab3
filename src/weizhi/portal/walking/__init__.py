"""How far people walk before and after something moves: the table, and the word of those who would walk too far."""
