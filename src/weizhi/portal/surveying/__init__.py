"""Surveys on the phone, at the desk and on paper."""
