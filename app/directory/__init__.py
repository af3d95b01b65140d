"""Partner institutions of an area: Jobcenter, foreigners authority, schools, counselling.

Words: an *institution* is a partner outside with a kind (`institution_type`), whose legal attributes
(§ 35 SGB I body, duty under § 87 AufenthG, group for statistics) come from the catalogue; a *sheet* is a
table of institutions to be imported, checked line by line.
Table: `institutions`. No events.
"""
