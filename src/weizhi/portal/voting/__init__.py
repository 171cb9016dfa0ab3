"""What people see and touch of a vote: the voter's phone, the desk that takes in paper, the roll, the result."""
