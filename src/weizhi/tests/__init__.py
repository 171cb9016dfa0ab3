"""Tests that hold the whole house together, and what the rooms' tests stand on."""
