"""Barriers that partner institutions report: about the system, without any person.

Words: a *partner barrier* says what stands in the way, where and with what effect, as an institution sees it;
its sentence is an observation like any other. It counts no person and is in no table of the statistics; the
coordination is told the number of institutions, once a quarter has ended. One about a referral becomes a
proposal to the team of the case instead.
Tables: `partner_barriers`. No events.
"""
