"""Finding a person by a name in any spelling or script: keys for the index, likeness for the order. Pure.

Words: a *reading* is a word in Latin letters, with signs of its own for letters that are written in several
ways; a *skeleton* is its consonants by class, one or several; a *form* is what is stored of a word to compare
it; a *key* is a lexeme that leads to everybody who bears a word like it. No tables, no events.
"""
