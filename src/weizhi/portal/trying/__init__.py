"""Trials on the page of a matter: how far one has come, and what is asked of those who answer for it."""
