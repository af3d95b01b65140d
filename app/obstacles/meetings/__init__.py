"""Meetings of the steering group: when, where, what is asked, which papers, and what was decided.

Words: a *meeting* is planned, held or cancelled; an *agenda item* asks something, mostly of an obstacle; its
*papers* are a published release and the obstacles themselves; the *minutes* are written when it was held.
Tables: `steering_meetings`, `steering_agenda_items`. No events.
"""
