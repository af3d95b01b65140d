"""Courses of support, from intake to closing.

Words: the *shell* of a case is its number, kind, phase, dates, unit and lead, which a team lead may see
alone; everything else is its *content*. A *phase* is left with what the DGCC asks for; a *step* goes on, a
*skip* goes on without, with a reason. A *contact* is a dated entry of what happened; a correction keeps the
original. A *goal* is in the client's words, its *measures* say who does what until when. What
is due stands in `tasks`. Evidence that a person was linked to help is a referral or a documented reason.
Tables: `cases` (shell), `case_contents`, `case_phases`, `case_linkings`, `assessments`,
`assessment_domains`, `goals`, `measures`, `plan_changes`, `contacts`; those of `tasks` and `noting`.
Events: `CaseClosed`, `CaseReopened`.
"""
