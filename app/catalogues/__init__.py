"""Catalogues: versioned reference data with labels, global to all municipal areas.

Words: a *vocabulary* is a named list (`residence_status`, `barrier_type`); an *entry* is one code in it
with a German and an English label; `(vocabulary, code)` is its key for ever. An entry is never deleted,
only ended (`valid_to`); the order of entries in a file is the order in which people are shown them.

Source: the CSV files of `data/`, parsed and checked by `source` (typed records, no database). Two more
files are relations between vocabularies: which data categories a kind of institution may receive at the
most, and which barrier type an outcome of a referral proposes.

Hierarchies (`parent`): municipality in municipal_area, residence_status in residence_group, nationality in
nationality_group, institution_type in institution_group, barrier_type in barrier_category.

There is no entry for "without permission to stay" and none is ever derived: a title whose end has passed
may continue by law (§ 81 AufenthG).
"""
