"""Barrier reports from cases, the figures made of them, and observations about the system.

Words: a *barrier report* says what blocked whom, where and with what effect, and stays in its case; its
*figures* are one row per person for statistics, which the application writes and never reads; an
*observation* is a sentence about the system, made to be shared, without person, case, author or date; a
*proposal* is a pre-filled report after a referral that failed.
Barriers that institutions report stand in `partners`.
Tables: `barrier_reports`, `barrier_persons`, `barrier_figures`, `observations`, `observation_sources`,
`barrier_proposals`. Hears: the end of a referral. No events of its own.
"""
