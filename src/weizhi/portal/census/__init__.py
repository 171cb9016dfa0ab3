"""The committee's pages for the census: bring in files, see what they would do, confirm; QR sheets."""
