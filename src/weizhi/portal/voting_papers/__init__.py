"""What of a vote is published and printed: the file to recount, the program that does, the sheets."""
