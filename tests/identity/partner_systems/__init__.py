"""Machines of partner institutions over real HTTP."""
