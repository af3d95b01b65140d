"""Somebody who was registered twice becomes one record, and for 30 days two again if that was wrong.

Words: the *survivor* is the record that stays, the *merged* one follows into it with everything that refers
to it; a *collision* is two periods of one strand that cannot both be believed; what is *taken* are fields of
the merged record that replace the survivor's. *Distinct* are two persons of whom somebody has said that they
are not the same. A merge is *final* after 30 days: then the merged record is deleted, and its id and
pseudonym still lead to the survivor.

Tables: `client_merges`, `client_merge_moves`, `distinct_clients`.
"""
