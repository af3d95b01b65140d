"""How long a test waits for what must come: a guard against waiting for ever, never a measure."""

NO_HURRY = 900.0
"""Seconds: however slow the machine is, who waits for a process, an answer or a picture gets it."""
