"""Malformed requests against every operation: refused with a problem that repeats nothing, never a 5xx."""
