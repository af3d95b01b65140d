"""Municipal areas, units and the funded positions split between them.

Words: a *municipal area* is one of the 54 KIM municipalities (the tenant), or the Land as a reserved area;
a *unit* is a controller in the sense of the GDPR (the district's KI, a town, a welfare organisation);
a *position* is a funded share of work (VZÄ) at a unit, separate from users, possibly vacant.
Tables: `municipal_areas` (global), `units`, `positions`. No events.
"""
