"""Somebody of an institution is invited and joins, and its people share the inbox."""

from tests.contract.chapters.linking import referral, sent_to
from tests.contract.stage import ANYONE, Stage
from tests.identity.arrange import PASSWORD

ADMIN, WHO, JOBCENTER, INVITED = "Ina Conrads", "Anja Berger", "Mehmet Kaya", "Petra Vogel"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """An invitation, then the team inbox."""
    await _propose(stage, known)
    colleague = await _join(stage)
    await _sites(stage)
    await _charge(stage, known, colleague)
    await _deputy(stage, colleague)


async def _propose(stage: Stage, known: dict[str, str]) -> None:
    office = {"name": "Sozialamt Auental", "institution_type": "sozialamt"}
    made = await stage.do("Heike Brandt", "create_institution", office)
    body = referral(known, "jobcenter", institution_id=made["id"], channel="letter")
    draft = await stage.do(WHO, "draft_referral", body)
    await stage.do(WHO, "propose_invitation", referral_id=draft["id"])


async def _join(stage: Stage) -> str:
    email, body = stage.mail(INVITED), {"institution_id": stage.given["jobcenter"], "role": "partner_user"}
    other = await stage.do(ADMIN, "create_invitation", {**body, "email": stage.mail("Omar Sahin")})
    await stage.do(ADMIN, "revoke_invitation", invitation_id=other["id"])
    made = await stage.do(ADMIN, "create_invitation", {**body, "email": email})
    taking_up = {
        "invitation_code": made["invitation_code"],
        "email": email,
        "display_name": INVITED,
        "password": PASSWORD,
    }
    joined = await stage.do(ANYONE, "accept_invitation", taking_up)
    await stage.do(ADMIN, "read_invitation", invitation_id=made["id"])
    await stage.do(ADMIN, "list_invitations", query={"limit": 2})
    return str(joined["user_id"])


async def _sites(stage: Stage) -> None:
    user = await stage.do(ADMIN, "read_user", user_id=stage.given[JOBCENTER])
    (membership,) = user["memberships"]
    which = {"user_id": user["id"], "membership_id": membership["id"]}
    await stage.do(ADMIN, "set_membership_sites", {"site_ids": []}, at=membership, **which)


async def _charge(stage: Stage, known: dict[str, str], colleague: str) -> None:
    which = {"referral_id": await sent_to(stage, known, "jobcenter")}
    await stage.do(JOBCENTER, "list_partner_colleagues", query={"limit": 2})
    await stage.do(JOBCENTER, "take_charge", {"instead_of": None}, **which)
    await stage.do(JOBCENTER, "hand_on_charge", {"user_id": colleague}, **which)
    await stage.do(JOBCENTER, "take_charge", {"instead_of": colleague}, **which)
    await stage.do(JOBCENTER, "give_back_charge", **which)
    await stage.do(JOBCENTER, "read_charge", **which)


async def _deputy(stage: Stage, colleague: str) -> None:
    body = {
        "institution_id": stage.given["jobcenter"],
        "deputy_id": colleague,
        "first_day": stage.day(7),
        "last_day": stage.day(14),
    }
    named = await stage.do(JOBCENTER, "name_partner_deputy", body)
    await stage.do(JOBCENTER, "list_partner_deputyships", query={"limit": 2})
    await stage.do(JOBCENTER, "end_partner_deputyship", deputyship_id=named["id"])
