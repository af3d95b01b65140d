"""What a person lives on changes: who stops paying, who starts, what is missing.

Words: a *change of legal domain* is opened in every open case of a person when a benefit follows one of
another; its *items* come from versioned data for the pair of domains and are open, done or not needed, with a
reason. Days without benefit are counted and shown; they suggest a report of a barrier.

Tables: `domain_changes`, `domain_change_items`. Hears: `LegalDomainChanged`.
"""
