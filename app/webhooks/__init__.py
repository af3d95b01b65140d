"""Webhooks: an institution's system is told that something happened to a referral, and pulls it itself.

Words: a *webhook* is an address that an institution gave, with the kinds of events it wants; a *secret* signs
what goes there (two during a rotation); a *delivery* is one event for one webhook; an *attempt* is one try at
it. What is sent are ids, a kind and a time; nothing that an address answers is kept but its status.
Tables: `webhooks`, `webhook_secrets`, `webhook_deliveries`, `webhook_attempts`. No events.
"""
