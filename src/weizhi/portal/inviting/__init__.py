"""Invitations: the list of who is concerned, the letters, and the answer of each home."""
