"""Figures of component 3: what naturalisation and foreigners authorities count, entered as aggregates.

Words: an *authority figure* is one number of one quarter with its division by group of nationality, entered
by an officer of the authority and read, unprotected, by nobody else. No events.
Tables: `authority_figures`.
"""
