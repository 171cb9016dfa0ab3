"""What stands on the board as people read it: its objections, their answers, and the desk that answers a thousand."""
