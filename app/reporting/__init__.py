"""Releases: frozen, protected tables about barriers, and the signals that coordination works with.

Words: a *release* is one quarter's set of linked tables, protected and proved together; a *barrier case*
is what is counted: one person, one type, one kind of institution and one interface, once a year; the
*ledger* holds every cell that anybody has ever been shown, and a new release is held against it; a
*signal* says that something was reported, but by too few to give a number.
Tables: `releases`, `release_cells`, `release_tables`, `ledger` (of an area), `published_releases`,
`published_tables` (global). Events: ReleaseRequested.
"""
