"""What each person chooses about notices; what could not be sent, for the committee."""
