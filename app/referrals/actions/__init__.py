"""The verbs of referrals, one file a verb: the sender's (draft, send, finish, record) and the recipient's."""
