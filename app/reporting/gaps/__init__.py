"""Gaps: needs of persons against offers at hand, side by side, from the frozen tables of a release alone.

What is suppressed there is suppressed here; figures are set beside each other and nothing else is read.
"""
