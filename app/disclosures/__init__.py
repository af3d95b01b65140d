"""Disclosures: what left the house, to whom, why, and on which legal basis.

Words: a *legal basis* is what a disclosure rests on, computed from sender and recipient; the *disclosure
log* keeps what was disclosed even after the consent behind it was withdrawn; the *duty workflow* is the
path for disclosures to authorities of residence law without consent, which no other path may take.
Table: `disclosure_log` (insert only, without content). No events.
"""
