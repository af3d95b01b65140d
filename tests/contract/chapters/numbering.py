"""A case manager keeps official numbers of a person: sealed, found by the whole, shown for a purpose."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
TAX = {"kind": "tax", "value": "86 095 742 719"}


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Recording, finding, showing, removing."""
    who = {"client_id": known["client"]}
    await stage.do(WHO, "record_number", {"kind": "azr", "value": "160101234567"}, **who)
    held = await stage.do(WHO, "record_number", TAX, **who)
    await stage.do(WHO, "list_numbers", **who)
    await stage.do(WHO, "find_by_number", TAX)
    there = {**who, "number_id": next(each["id"] for each in held["items"] if each["kind"] == "tax")}
    await stage.do(WHO, "show_number", {"purpose": "application"}, **there)
    await stage.do(WHO, "remove_number", **there)
