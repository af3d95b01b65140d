"""Machines of partner institutions: what they prove themselves with, their tokens, how often they may ask.

Words: a *partner system* is one machine of one institution of an area, and a user without account,
membership or inbox; its id is its `client_id`. A *credential* is a key or a secret by which it proves itself;
several live beside each other, so that one is exchanged without a pause. An *assertion* is what a key signs
to get a token (RFC 7523); a *proof* is what a key signs for one request (DPoP, RFC 9449). An *allowance* is
how much it may still ask. Tables: `partner_systems`, `partner_credentials`, `partner_allowances`,
`used_proofs`. No events.
"""
