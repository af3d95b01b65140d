"""Transfers: a case goes on at another unit, in this municipal area or another, with the client's consent.

Words: the *transfer* is the sender's side; the *offer* is what the receiving unit sees of it, in its own
area: from whom, why, how urgent, and no person; the *package* is the frozen snapshot that crosses when a team
lead there accepts, to the case manager whom they name. That one *receives* it: client and case are made there
by the ordinary acts, and the sender's case is closed. No policy looks into another area: what crosses,
crosses in the functions of `migrations/sql/transfers.sql`.
Tables: `case_transfers`, `transfer_packages` (sender); `transfer_offers`, `received_packages` (receiver);
`named_members`, for the database alone.
Event: `TransferReceived`, handled within; hears `ConsentWithdrawn` and `CaseClosed` within.
"""
