"""What a community has agreed: the charter language, time and periods. Pure Python, no Django."""
