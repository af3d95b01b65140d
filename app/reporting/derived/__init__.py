"""Derived tables: quotients of published figures, such as open cases per full-time equivalent.

They are made of the tables of their release as its readers get them, and of nothing else: whoever has the
release can compute each of them. So they tell nothing that it does not, and are in no proof and no ledger.
"""
