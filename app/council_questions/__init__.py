"""Questions of a council and what is answered from published figures.

Words: a *council question* (Anfrage) is a text with number, day and who asked; its answer cites tables of
published releases, and is frozen with them when it is given. A *citation* names release, table and digest.
Only what is published can be cited: the foreign key leads to published tables. No events.
Tables: `council_questions`, `council_citations`.
"""
