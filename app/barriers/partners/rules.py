"""What holds for barriers that institutions report. Pure."""

STATES = ("received", "withdrawn")

REPORTED = "reported_by_institution"
"""The outcome of a proposal that an institution's report about a referral makes."""

INSTITUTIONS = 3
"""From so many institutions on their number is told: like a case manager, each is one contributor."""

MOST_A_DAY = 50
"""So many reports an institution files within 24 hours."""
