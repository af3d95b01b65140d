"""Official figures of residents: the denominators that releases freeze beside what is reported.

Words: a *population* is what an official source states for one day: residents by town, group of nationality
and age band, with source and licence. Read from a sheet; one bad line and nothing of it is taken. No events.
Tables: `populations`.
"""
