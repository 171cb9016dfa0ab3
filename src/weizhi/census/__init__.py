"""The census (名册): buildings, households, residents and spaces brought in from files, and their QR sheets."""
