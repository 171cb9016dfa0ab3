"""The online hall as people see it: one statement at a time, what came of it, and the desk of those who run it."""
