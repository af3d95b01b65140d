"""An institution's machine gets a key and a secret, asks for a token, and loses both again."""

from tests.contract.stage import ANYONE, FORM, Stage
from tests.identity.partner_systems.arrange import new_key, public

WHO = "Ina Conrads"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """What an administrator does with a machine, and how it gets a token."""
    body = {
        "institution_id": stage.given["jobcenter"],
        "name": "Fachverfahren des Jobcenters",
        "scopes": ["referrals:read", "referrals:answer", "directory:read"],
    }
    made = await stage.do(WHO, "create_partner_system", body, headers={"Idempotency-Key": "machine-2026-1"})
    which = {"system_id": made["id"]}
    seen = await stage.do(WHO, "read_partner_system", **which)
    await stage.do(WHO, "change_partner_system", {"requests_per_minute": 120}, at=seen, **which)
    key = await stage.do(WHO, "register_partner_key", {"jwk": public(new_key())}, **which)
    secret = await stage.do(WHO, "create_partner_secret", {"expires_at": stage.moment(24 * 30)}, **which)
    asked = {
        "grant_type": "client_credentials",
        "scope": "referrals:read",
        "client_id": secret["client_id"],
        "client_secret": secret["client_secret"],
    }
    await stage.do(ANYONE, "issue_token", asked, media_type=FORM)
    await stage.do(WHO, "list_partner_credentials", query={"limit": 2}, **which)
    await stage.do(WHO, "revoke_partner_credential", credential_id=key["id"], **which)
    await stage.do(WHO, "list_partner_systems", query={"limit": 2})
    await stage.do(WHO, "revoke_partner_system", **which)
