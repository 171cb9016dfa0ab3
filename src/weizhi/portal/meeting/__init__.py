"""A meeting as its people see it: when and where, what is on, who is there; and what its clerk and chair do."""
