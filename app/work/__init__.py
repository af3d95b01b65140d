"""What crosses packages for one person's day. It reads and never changes; it has no tables of its own.

Words: *timeline* (the story of one case in one order), *working list* (what is due for a case manager, over
all their cases), *caseload* (how many cases a unit and its case managers carry, without content).
*Open items* are what is still to do in one case, or runs on.
Each is one statement that returns the answer and writes its journal entry.
"""
