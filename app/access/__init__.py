"""Who may do what to which record: roles, permissions, relations, the policy table, assignments, the guard.

Words: a *membership* gives a user a role at a unit or institution; a *permission* is a verb; a *relation*
is what the person is to one record; an *assignment* ties a user to a client or case and is the one
relation that row-level security reads. Tables: `memberships`, `assignments`. Assignments change only
through the definer functions in `migrations/sql/access.sql`, which check the right themselves.
"""
