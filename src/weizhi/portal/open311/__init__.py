"""Open311 GeoReport v2: the same door for reports, in the words that other cities' applications already speak."""
