"""Somebody signs in, renews the session, ends it, and looks after their own account."""

from tests.contract.stage import ANYONE, Stage
from tests.identity.arrange import ANOTHER, PASSWORD

WHO = "Lena Vogt"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Sessions and oneself."""
    await stage.do(ANYONE, "list_keys")
    tokens = await stage.do(ANYONE, "sign_in", {"email": stage.mail(WHO), "password": PASSWORD})
    renewed = {"refresh_token": tokens["refresh_token"]}
    await stage.do(ANYONE, "renew_session", renewed)
    await stage.do(WHO, "list_sessions", query={"limit": 2})
    await stage.do(WHO, "end_session", session_id=tokens["session_id"])
    me = await stage.do(WHO, "read_me")
    await stage.do(WHO, "change_me", {"language": "en"}, at=me)
    await stage.do(WHO, "change_own_password", {"current_password": PASSWORD, "new_password": ANOTHER})
    await stage.do("Sabine Reuter", "list_colleagues", query={"limit": 2})
    named = {"user_ids": stage.given["Sabine Reuter"], "limit": 2}
    await stage.do("Sabine Reuter", "list_names", query=named)
