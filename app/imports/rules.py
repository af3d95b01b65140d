"""What is known of imports without a database: kinds, states, limits."""

from datetime import timedelta

CLIENTS, HOUSEHOLDS, CASES, CONTACTS = "clients", "households", "cases", "contacts"
KINDS = (CLIENTS, HOUSEHOLDS, CASES, CONTACTS)
"""In the order in which an office imports them: each names rows of those before by their keys."""

STATES = ("announced", "read", "taking", "taken", "undoing", "undone")
OPEN = ("read", "taking", "taken")

READY, BAD, KNOWN, DUPLICATE, SKIPPED, TAKEN, LINKED, UNDONE, STAYS = ROW_STATES = (
    "ready", "bad", "known", "duplicate", "skipped", "taken", "linked", "undone", "stays",
)  # fmt: skip
"""`known`: imported before; `duplicate`: waits for a decision; `stays`: could not be undone."""

HINDERING = (BAD, DUPLICATE)
"""While one row is so, nothing is taken unless asked."""

CHUNK = 250
"""Rows that one request takes or undoes."""
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 128 * 1024 * 1024
SHEETS_AN_HOUR = 20
KEEP_ROWS = timedelta(days=14)
"""How long the rows of a sheet are kept, whatever became of them."""
