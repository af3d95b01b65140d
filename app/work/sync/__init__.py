"""Catching up: what changed for somebody since a cursor, for a phone that was in a cellar."""
