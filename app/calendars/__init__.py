"""One's own dates for a calendar program: an address that is a secret, and says nothing about anybody.

Words: a *feed* is the living address of one user, shown once; a new one takes its place. What it shows are
days and moments with two neutral names, read with today's rights. Table: `calendar_feeds`. No events.
"""
