"""The verbs of an import: announce, read, decide, take, undo; one a file."""
