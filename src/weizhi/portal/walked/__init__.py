"""What people marked on a walk: on the map by what they said of each place, and the same as a list."""
