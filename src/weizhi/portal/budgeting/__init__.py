"""What a vote on a budget shows beside any other vote: its projects as cards, the sum, what each was short of."""
