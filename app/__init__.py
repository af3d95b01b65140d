"""Backend of Kommunales Integrationsmanagement: cases, referrals, barriers and protected statistics."""

__version__ = "0.1.0"
