"""Weizhi (微治): software for a community's micro-governance."""
