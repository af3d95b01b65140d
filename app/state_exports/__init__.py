"""Exports of case figures to a state-wide database, by the consent `state_database` of each person.

Words: an *export* is one quarter of one unit for one recipient; its *dry run* says in bands what would leave;
a *line* is what the *profile* (`kim-state-database/1`) says of one person; the *pseudonym* stands for them at
this recipient only; a *withdrawal* in a file tells the recipient whom to delete. An administrator asks, a
team lead of the unit releases, the worker composes, the recipient alone fetches, once, and acknowledges.
Nobody of the area reads a line in their own name, or sees that a file was destroyed. Tables:
`state_exports`, `state_export_files`, `state_export_persons`, `state_export_pseudonyms`. Events:
`StateExportRequested`, `StateExportReleased`, both handled after, by the worker.
"""
