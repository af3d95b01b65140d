"""Persons, their households and their histories of dated periods."""
