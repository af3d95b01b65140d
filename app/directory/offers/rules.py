"""What holds for offers and places. Pure."""

STATUSES = ("active", "paused", "ended")
"""Ended for good: kept, and offered to nobody."""
