"""Client of the KIM partner API: referrals, receipts, webhooks. `Kim` is where to begin; see the README."""

from kim_partner.client import Kim
from kim_partner.credentials import Credential, KeyCredential, PersonCredential, SecretCredential
from kim_partner.dpop import DpopKey
from kim_partner.incoming import SentChanges
from kim_partner.problems import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    KimError,
    NotFound,
    NotGenuine,
    NotSignedIn,
    Refused,
    TooManyRequests,
    Unavailable,
    Unreachable,
    VersionStale,
    WrongState,
)
from kim_partner.receipts import Receipt, ReceiptBook, verify_receipt
from kim_partner.received import Event, verify_webhook
from kim_partner.referrals import Changes, StepResult
from kim_partner.retrying import Retries

__all__ = [
    "Changes", "Conflict", "Credential", "DpopKey", "Event", "Forbidden", "Gone", "Invalid", "KeyCredential",
    "Kim", "KimError", "NotFound", "NotGenuine", "NotSignedIn", "PersonCredential", "Receipt", "ReceiptBook",
    "Refused", "Retries", "SecretCredential", "SentChanges", "StepResult", "TooManyRequests", "Unavailable",
    "Unreachable", "VersionStale", "WrongState", "verify_receipt", "verify_webhook",
]  # fmt: skip
