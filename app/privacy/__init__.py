"""What the privacy officer oversees: retention, and the journal over HTTP.

Words: a *retention* says from when a closed case is kept and until which day; it starts with closing and
ends when the case is reopened. An *access review* asks somebody else whether a look by break-glass, a
disclosure for vital interests or a new lead of somebody hidden was right; it is open until they say so.
*Erasure* is not part of this version: the list says what is due, nothing deletes it yet. A *pseudonym* stands
for a client; no name and no case number is shown here.
The journal itself belongs to `app.audit`, which lies below the guard and so cannot have a router.
Tables: `retentions`, `access_reviews`. No events; hears `CaseClosed`, `CaseReopened`, `GlassBroken`,
`LeadChangedAlone` and `ReferralSentInEmergency`.
"""
