"""Receipts verify without a server, are kept with their keys, and what was forged is noticed."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from kim_partner import Kim, NotGenuine, ReceiptBook, verify_receipt
from tests.partner_client.stage import Stage, run
from tests.referrals.arrange import Scene, sent


def part(text: str, number: int) -> dict[str, Any]:
    piece = text.split(".")[number]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return found


def encoded(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def with_claims(text: str, **changes: Any) -> str:
    """Change what a receipt says and leave its signature."""
    head, _, signature = text.split(".")
    return f"{head}.{encoded({**part(text, 1), **changes})}.{signature}"


def signed_by(key: ECKey | OctKey, text: str, **header: Any) -> str:
    said = {**part(text, 0), **header}
    payload = json.dumps(part(text, 1)).encode()
    return jws.serialize_compact(said, payload, key, algorithms=["ES256", "HS256"])


FORGERIES: dict[str, Callable[[str], str]] = {
    "another state": lambda text: with_claims(text, state="rejected"),
    "another referral": lambda text: with_claims(text, sub="urn:uuid:" + "0" * 8),
    "signed by somebody": lambda text: signed_by(ECKey.generate_key("P-256"), text),
    "signed by a key of its own": lambda text: signed_by(
        (key := ECKey.generate_key("P-256")), text, jwk=key.as_dict(private=False), kid="theirs"
    ),
    "no signature": lambda text: text.rpartition(".")[0] + ".",
    "no algorithm": lambda text: ".".join(
        (encoded({**part(text, 0), "alg": "none"}), text.split(".")[1], "")
    ),
    "symmetric": lambda text: signed_by(OctKey.import_key("k" * 40), text, alg="HS256"),
    "an access token": lambda text: signed_by(ECKey.generate_key("P-256"), text, typ="at+jwt"),
    "no text of it": lambda _: "hello",
    "letters of elsewhere": lambda text: "ü" + text,
    "empty": lambda _: "",
}


@pytest.fixture
async def receipt(kim: Kim, scene: Scene) -> str:
    referral_id = await sent(scene)
    return str((await run(kim.referrals.accept, referral_id))["receipt"])


async def test_receipt_of_a_step_verifies_with_the_published_keys(
    kim: Kim, scene: Scene, receipt: str
) -> None:
    keys = await run(kim.keys)
    said = verify_receipt(receipt, keys, issuer=kim.issuer, institution_id=scene.institution_id)
    assert (said.step, said.state, said.side, said.number) == ("accept", "accepted", "recipient", 2)
    read = await run(kim.referrals.read, said.referral_id)
    assert said.package_sha256 == read["package_sha256"]


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_forged_receipt_is_noticed_and_not_written_down(
    kim: Kim, scene: Scene, receipt: str, tmp_path: Path, forgery: str
) -> None:
    keys = await run(kim.keys)
    book = ReceiptBook(tmp_path / "receipts", issuer=kim.issuer, institution_id=scene.institution_id)
    with pytest.raises(NotGenuine):
        book.add(FORGERIES[forgery](receipt), keys)
    assert not (tmp_path / "receipts").exists()


async def test_receipt_for_another_side_or_of_another_server_is_refused(
    kim: Kim, scene: Scene, receipt: str
) -> None:
    keys = await run(kim.keys)
    with pytest.raises(NotGenuine, match="somebody else"):
        verify_receipt(receipt, keys, issuer=kim.issuer, institution_id=scene.case_id)
    with pytest.raises(NotGenuine, match="somebody else"):
        verify_receipt(receipt, keys, issuer="https://other", institution_id=scene.institution_id)


async def test_book_verifies_again_when_the_server_is_gone(
    stage: Stage, kim: Kim, scene: Scene, receipt: str, tmp_path: Path
) -> None:
    path = tmp_path / "receipts"
    keys = await run(kim.keys)
    book = ReceiptBook(path, issuer=kim.issuer, institution_id=scene.institution_id)
    said = book.add(receipt, keys)
    assert book.missing(said.referral_id) == [1]
    for each in await run(lambda: list(kim.referrals.receipts(said.referral_id))):
        book.add(each["receipt"], keys)
    assert book.missing(said.referral_id) == []
    later = ReceiptBook(path, issuer=stage.url, institution_id=scene.institution_id)
    later.add(receipt, keys)
    assert sorted(each.step for each in later) == ["accept", "send"]


async def test_book_of_another_server_or_institution_says_whose_it_is(
    kim: Kim, scene: Scene, receipt: str, tmp_path: Path
) -> None:
    path = tmp_path / "receipts"
    book = ReceiptBook(path, issuer=kim.issuer, institution_id=scene.institution_id)
    book.add(receipt, await run(kim.keys))
    before = path.read_text()
    for issuer, institution, says in [
        ("https://other.example", scene.institution_id, f"from {kim.issuer}, not from https://other.example"),
        (kim.issuer, scene.case_id, f"for another institution, not for {scene.case_id}"),
    ]:
        with pytest.raises(NotGenuine) as told:
            ReceiptBook(path, issuer=issuer, institution_id=institution)
        assert says in str(told.value)
        assert str(path) in str(told.value)
    assert path.read_text() == before


async def test_changed_line_of_a_book_is_noticed(
    kim: Kim, scene: Scene, receipt: str, tmp_path: Path
) -> None:
    path = tmp_path / "receipts"
    keys = await run(kim.keys)
    book = ReceiptBook(path, issuer=kim.issuer, institution_id=scene.institution_id)
    book.add(receipt, keys)
    line = json.loads(path.read_text())
    path.write_text(json.dumps({**line, "receipt": with_claims(receipt, number=9)}) + "\n")
    with pytest.raises(NotGenuine):
        list(book)
    own = ECKey.generate_key("P-256")
    shown = {**own.as_dict(private=False), "kid": own.thumbprint()}
    forged = signed_by(own, receipt, kid=shown["kid"])
    path.write_text(json.dumps({"receipt": forged, "key": shown}) + "\n")
    with pytest.raises(NotGenuine):
        ReceiptBook(
            path,
            issuer=kim.issuer,
            institution_id=scene.institution_id,
            kids={key["kid"] for key in keys},
        )
    path.write_text(json.dumps({"receipt": receipt, "key": {**shown, "kid": line["key"]["kid"]}}) + "\n")
    with pytest.raises(NotGenuine, match="not the one that it is called"):
        list(book)
    path.write_text("torn off\n")
    with pytest.raises(NotGenuine, match="cannot be read"):
        list(book)
