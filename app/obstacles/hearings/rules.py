"""When institutions are heard. Pure."""

NOT_HEARD = frozenset({"reported", "under_review", "rejected", "merged"})
"""Drafts are not shown to anybody outside, and of what is over nobody is asked any more."""
