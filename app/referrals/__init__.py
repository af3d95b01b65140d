"""Referrals: a package of chosen data handed to one institution for one concern, and its answer.

Words: the *request* is what both sides see of a referral (who, when, state), the *referral* itself the
sender's side (case, client, basis, concern), the *package* the frozen snapshot of what was sent. The
*task* (draft to completed) and the *delivery* (queued to fetched) are two clocks; their tables are in
`rules`.
Off the platform the sender records the recipient's steps with their *source*.
What both sides say on one is in `messages`.
A *recall* asks the recipient, after the consent has ended, what becomes of the data.
Tables: `referrals`, `referral_requests`, `referral_packages`, `referral_events`, `referral_answers`,
`referral_recalls`, `referral_deadlines` (what the area has set).
Events: `ReferralSent`, `ReferralSentInEmergency`, `ReferralAnswered`, `ReferralCompleted`,
`ReferralCancelled`, `ReferralRevoked`, `ReferralExpired`, `ReferralReminderDue`, `ReferralRecalled`,
`RecallAnswered`, `RecallOverdue`, `ReferralNotRenewed`; hears `ConsentWithdrawn` and `ConsentRenewed` within.
"""
