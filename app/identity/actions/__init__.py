"""The verbs of identity: signing in and out, one's own password, users and what they may do."""
