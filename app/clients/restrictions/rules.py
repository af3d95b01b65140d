"""Grounds and purposes of Art. 18 GDPR."""

from datetime import timedelta

GROUNDS = ("accuracy_contested", "unlawful", "legal_claims", "objection", "consent_withdrawn")
"""Art. 18 (1) a to d; the last one comes and goes with the consent to documentation."""

ASKED_BY = ("client", "guardian", "representative")
WHOLE = "client"
ENTRIES = (WHOLE, "residence-documents", "legal-domains", "addresses", "languages", "schooling")

PURPOSES = ("consent", "legal_claims", "protection_of_another", "public_interest")
"""Art. 18 (2)."""

USE_LASTS = timedelta(hours=1)
