"""Keys that lie outside the database: sensitive fields, exact search over them, signed roots. No Django."""
