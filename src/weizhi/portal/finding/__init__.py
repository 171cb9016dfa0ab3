"""找: matters by their words, number and place; and what was found as a table to take along."""
