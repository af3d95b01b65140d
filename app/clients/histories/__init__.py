"""Histories of a person: periods that hold from-to (valid time) and what was believed when (recorded time).

Words: a *period* is one row; a *strand* is what excludes: within it periods do not overlap, beside each
other strands run freely. A row is never changed: an end, a correction or a withdrawal supersedes it, and
the row that replaces it stands beside it. The application role cannot update anything else.

Tables: `residence_documents`, `legal_domain_periods`, `addresses`, `language_levels`, `schooling_periods`.
"""
