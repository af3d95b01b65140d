"""What is open in one case: at closing, at a hand-over, any day."""
