"""Open tables: positions, obstacles, measures and population, frozen with a release and never suppressed.

They are about no person (or are official figures already), so they are no subject of the protection: no
threshold, no ledger, no proof. Their cells are sealed with the release like all others.
"""
