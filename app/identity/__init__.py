"""Who is asking: accounts, users, memberships, sessions, sign-in and its secrets.

Words: a token is the signed proof of a session, at most ten minutes; a key ring holds the keys that sign it.
"""
