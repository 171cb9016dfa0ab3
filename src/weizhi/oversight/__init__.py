"""监督: the figures of a community, counted over the rooms below. Reads, and changes nothing."""
