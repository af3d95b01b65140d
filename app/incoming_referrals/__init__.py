"""Incoming referrals: an institution refers a person to a unit of KIM.

Words: the *incoming referral* is what both sides see of it (who asks whom, how urgent, where it stands); the
*received data* are the frozen snapshot of what the institution wrote; a *message* is a question of the unit,
the institution's reply, or what the unit says with a rejection; the *receipt* is the unit's own side: which
client and case came of it. At the unit it is an *inquiry* of the same id, which waits on the waiting list
until a case manager takes it; only that one reads what was received. The institution sees the state and
never what became of it.
Tables: `incoming_referrals`, `received_data`, `incoming_messages`, `incoming_receipts`.
Events: `IncomingReferralMoved`, `IncomingReferralAssigned`, `IncomingReminderDue`.
"""
