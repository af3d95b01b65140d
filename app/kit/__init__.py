"""Technique without domain words: what every package stands on.

Database sessions with their context, the JSON read path, problem details, pages, versions,
idempotency, events and outbox, clock, ids, logging, health. Knows no other package of the project.
"""
