"""The change of what a person lives on is a hand-over: who stops paying, who starts, what is missing.

Words: a *hand-over* is opened in every open case of a person when a benefit follows one of another legal
domain; its *items* come from versioned data for the pair of domains and are open, done or not needed, with a
reason. Days without benefit are counted and shown; they suggest a report of a barrier.

Tables: `handovers`, `handover_items`. Hears: `LegalDomainChanged`.
"""
