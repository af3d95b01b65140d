"""Measurements: the application beside the floor, plans, protection."""
