"""The journal: who read or did what, when, and why; never values, names or free text.

Words: an *entry* is one act of one request. Table: `audit_journal`, partitioned by month, insert only
by grant. Who and where come from column defaults that read the transaction's context, so no caller can
claim them. `position` and `xid` are the order that sealing will rely on (commit order is not
sequence order). No events.
"""
