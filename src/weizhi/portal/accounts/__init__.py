"""Signing in and out: login name and password, a code by telephone, the second factor of staff, the demo's chooser."""
