"""Entries whose truth the person disputes (§ 84 SGB X): the mark stands wherever the entry is shown.

Words: a *dispute* says which entry (a field of the person, a period, a member of the household), what the
client says instead, who said so and when; it is *resolved* with an outcome. What cannot be decided stays
marked for good (§ 84 (2) SGB X). A dispute follows its period when that is ended or corrected. Into a package
goes the mark, never what the client says.

Table: `disputes`.
"""
