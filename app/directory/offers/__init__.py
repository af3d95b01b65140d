"""Offers of institutions and the sites they are at: topics, languages, places, programme and end of funding.

How many places are free is told again and again; the latest counts, and what was told before is kept.
"""
