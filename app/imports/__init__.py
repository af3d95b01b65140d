"""Imports: what an office kept in spreadsheets, taken over row by row as the person who imports it.

Words: a *sheet* is an XLSX or CSV file of one *kind* (clients, households, cases, contacts); a *mapping* says
which heading stands for which field; the *key* of a row (the office's file number) is what it is known by,
kept as a mark only; a *finding* is what is wrong with a row, in German. An import is *announced*, its sheet
is *read* into a staging table (the dry run), then *taken* chunk by chunk, each in the one transaction of its
request, and can be *undone* where nobody has gone on with what it made. Its *effects* keep the same row from
being taken twice.
Tables: `imports`, `import_rows`, `import_effects`.
"""
