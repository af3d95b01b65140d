"""What the privacy officer oversees: retention, and the journal over HTTP.

Words: a *retention* says from when a closed case is kept and until which day; it starts with closing and
ends when the case is reopened. *Erasure* is not part of this version: the list says what is due, nothing
deletes it yet. A *pseudonym* stands for a client; no name and no case number is shown here.
The journal itself belongs to `app.audit`, which lies below the guard and so cannot have a router.
Table: `retentions`. No events; hears `CaseClosed` and `CaseReopened`.
"""
