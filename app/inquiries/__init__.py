"""Inquiries: the first conversation, before there is a client or a case, possibly anonymous.

Words: an inquiry has one *responsible* case manager, who alone sees what was said and how to reach whom.
It ends *advised*, *passed on*, *declined*, *removed* from the list, or as a *case*. The *waiting list*
shows the unit's case managers since when somebody waits, in which language and why they come first, and
nothing else; whoever *takes* an inquiry from it becomes responsible. What tells of the person is *forgotten*
when nothing came of it for some months. *Figures* count inquiries without a person and are never read here.
Tables: `inquiries` (what the waiting list shows), `inquiry_contents`, `inquiry_figures`. No events.
"""
