"""Writing a chunk of rows of each kind by set, through the ordinary tables, policies and journal."""
