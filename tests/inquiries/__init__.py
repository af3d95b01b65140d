"""Inquiries before a case."""
