"""An office that answers referrals like a real one, for whoever tries KIM out: `kim partner simulate`.

`courses` says what becomes of a referral, without input or output; `office` does it at a server; `command`
is the command line. Never for a server that real people depend on: it reads nothing and decides by chance.
"""
