"""Letters: what the office prints, filled with the data of a case and kept as a document of it.

Words: a *letter* is one of a few *kinds*; it is German, or German beside another language, the German words
being the binding ones. It is *handed over* or goes by *post*, and by post only where safe contact allows it.
What stands in a letter is data in a template of our own: no word of anybody is read as markup. No tables.
"""
