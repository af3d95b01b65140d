"""Live changes: an open answer that says which of one's things changed, by id, as soon as it is committed.

A notification of the database is only a hint to look: what is sent is what catching up (`app.work.sync`)
answers, so the place in the stream is its cursor, and nothing is missed by a lost hint. No connection
to the database is held for a stream; each process has one that listens.
"""
