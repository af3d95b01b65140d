"""Signing a consent on a device: the evidence of an electronic consent, and adding a paper's scan later.

Words: a *signature block* says who signed which text on what, with the *strokes* that they drew. It is a
simple electronic signature (Art. 3 no. 10 of Regulation (EU) 910/2014), not an advanced or qualified one: it
tells what was shown and drawn, and who recorded it, not by itself who held the pen. It lies sealed, bound to
its consent, and is never changed. *Verifying* compares it with what the consent and the text say today.
Table: `consent_signatures`. No events.
"""
