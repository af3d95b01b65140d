"""A new pupil's way into school (§ 34 SchulG NRW): counselling, allocation, waiting, place, support class.

Words: a *school entry* is one child's way, from being registered to the regular class; a child is *waiting*
from being registered (`waiting_since`) until the first day, whenever it came on a list for a place
(`listed_on`); a *stage* is the kind of school that is looked for. No events of its own.
Tables: `school_entries`, `school_entry_steps`.
"""
