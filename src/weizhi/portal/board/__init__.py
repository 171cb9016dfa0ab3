"""大家的事: what is open, what was solved, the figures with what they count, where matters come from, the map."""
