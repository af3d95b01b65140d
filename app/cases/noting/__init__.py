"""What helps writing contacts down: drafts and templates.

Words: a *draft* is an unfinished entry, saved while its author writes, seen by nobody else and published
once as a contact; it is deleted 30 days after it was last saved. A *template* is a text for frequent
entries with *placeholders* that the frontend fills; it belongs to one case manager or to a unit and tells of
no person.
Tables: `contact_drafts`, `contact_templates`. No events.
"""
