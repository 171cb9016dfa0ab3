"""The page of tokens for programs: who has one, what it may do, until when; give one, take one back."""
