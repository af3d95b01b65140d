"""The inbox: what happened that somebody should look at; ids and codes only, never a name.

Words: a *notification* tells one user that something happened to one object; reading the object needs the
rights of the moment, as always. Table: `notifications`. Hears: referrals, consents, duplicates. A revocation,
an assigned task and what is to be reviewed are told within their transaction, everything else by the worker.
"""
