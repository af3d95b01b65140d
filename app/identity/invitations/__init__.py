"""How an institution joins: somebody there takes up an invitation and has an account from then on.

Words: an *invitation* is for one person at one institution, with the role they will hold. Its *code* is shown
once to the administrator who makes it, kept as a digest, good once and for two weeks. Whoever takes it up is
not signed in; so wrong, used, expired and revoked are one refusal. That somebody is there makes the
institution one `on_platform`, whatever way they came (`migrations/sql/presence.sql`). Table: `invitations`.
No events.
"""
