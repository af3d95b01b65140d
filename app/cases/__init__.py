"""Courses of support, from intake to closing."""
