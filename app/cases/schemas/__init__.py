"""Shapes of cases, by what they are about."""
