"""Documents: files that belong to a client or to one of their cases, kept sealed.

Words: a *document* is a file with a title, a category and a day; its *kind* is found in its content, never in
what the sender says; its *bytes* lie under a random name in a *store* (a folder or a bucket), encrypted under
a key of their own, which lies sealed in the row. A document of a case is seen by the case's team, one of the
client alone by whoever works with the client. *Removing* one leaves a tombstone: that there was something, by
whom and why it went, and nothing of what it said. *Evidence* (of a consent) is not removed.
Table: `documents`. Event: `DocumentRemoved`, handled after, by deleting the bytes.
"""
