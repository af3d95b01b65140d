"""Restriction of processing (Art. 18 GDPR): data that are kept and shown as such, and not used.

Words: a *restriction* is of the whole person or of one period, on a ground of Art. 18 (1), asked for by
somebody, and *lifted* only after the person was told before (Art. 18 (3)). A withdrawn consent to
documentation restricts the whole person by the same table; only a new consent lifts that. A *use* is what
Art. 18 (2) allows all the same: written down with its purpose, it lets one person work for an hour. The
*gate* is the one question that everything that writes or sends asks.

Tables: `processing_restrictions`, `processing_uses`.
"""
