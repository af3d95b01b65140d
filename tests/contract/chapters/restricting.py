"""A client contests an entry: processing is restricted, used once for a permitted purpose, and lifted."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
PERSON = {
    "given_name": "Tetiana", "family_name": "Moroz", "birth_date": "1979-02-11", "sex": "w",
    "confirm_new": True,
}  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Restricting, using all the same, announcing, lifting."""
    who = {"client_id": (await stage.do(WHO, "create_client", PERSON))["id"]}
    asked = {"ground": "accuracy_contested", "note": "Bestreitet den Familienstand; Urkunde ist bestellt."}
    made = await stage.do(WHO, "restrict_processing", asked, **who)
    there = {**who, "restriction_id": made["id"]}
    use = {"purpose": "legal_claims", "reason": "Die Klagefrist beim Sozialgericht endet heute."}
    await stage.do(WHO, "use_restricted_data", use, **who)
    await stage.do(WHO, "list_processing_uses", **who)
    told = {"how": "Gespräch im Büro mit Sprachmittlung; Schreiben ausgehändigt."}
    await stage.do(WHO, "announce_lifting", told, **there)
    await stage.do(WHO, "lift_restriction", {"reason": "Die Heiratsurkunde lag vor."}, **there)
    await stage.do(WHO, "list_restrictions", **who)
