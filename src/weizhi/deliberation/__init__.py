"""议事: meetings with their seats, agenda and quorum, and what is said there of each matter."""
