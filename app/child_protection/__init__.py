"""Child protection by § 4 KKG: from weighty indications to the information of the youth welfare office.

Words: a *course* is what was done for one child, the case's client or a member of the household; a *step* is
what happened on a day: indications noted, an experienced professional asked (insoweit erfahrene Fachkraft,
pseudonymised), a talk with guardians and child unless it endangers the child, help offered, the decision to
inform, the information itself (a referral on `kkg_4`), what the office answered. Danger that cannot wait
skips what comes between, with the reason.
Seen by the case managers of the case alone. Tables: `child_protections`, `child_protection_steps`. No events.
"""
