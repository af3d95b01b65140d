"""Consents: what a client has agreed to, towards whom, until when, and how they took it back.

Words: a *consent* names a purpose, one recipient (an institution, never a kind; the unit itself for its own
documentation), data categories, a *direction* (`to` the recipient, `from` it, `mutual`), and the version
of the text that was explained; a *withdrawal* ends it at once. The *gate* says whether a consent holds now
and locks it, so that a withdrawal and a disclosure come one after the other. A consent is never a condition
for intake. A *renewal* follows a consent; a withdrawal reaches the whole chain, and is remembered. One told
at the counter by somebody whom nobody can place is *unplaced*; unsettled it lapses. Tables: `consents`,
`consent_texts` (global), `told_withdrawals`, `unplaced_withdrawals`. Events: `ConsentWithdrawn` and
`ConsentRenewed`, handled within, `WithdrawalTaken`.
"""
