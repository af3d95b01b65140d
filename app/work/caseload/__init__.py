"""How many cases a unit and each of its case managers carry, for its team lead: counts, no client."""
