"""Where a webhook may lead: names, schemes, ports, networks; the connection goes where the check looked."""

import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.webhooks.addresses import Addresses, BadAddress, Target, Unresolved, is_public, parse
from app.webhooks.rules import Failure
from app.webhooks.sending import Sender
from tests.webhooks.receivers import Receiver, receiver

PUBLIC = "93.184.215.14"
Certificates = tuple[Path, ssl.SSLContext, ssl.SSLContext]


@pytest.mark.parametrize(
    "url",
    ["https://office.example/kim", "https://a.b-c.example:8443/x?y=1", "https://xn--mnchen-3ya.example"],
)
def test_public_name_over_https_may_be_called(url: str) -> None:
    assert parse(url, ()).scheme == "https"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://office.example/", "address_scheme"),
        ("ftp://office.example/", "address_scheme"),
        ("file:///etc/passwd", "address_scheme"),
        ("//office.example/", "address_scheme"),
        ("https://", "address_scheme"),
        ("https:///kim", "address_scheme"),
        ("https://user@office.example/", "address_form"),
        ("https://user:word@office.example/", "address_form"),
        ("https://office.example@10.0.0.1/", "address_form"),
        ("https://office.example/#here", "address_form"),
        ("https://office.example/a b", "address_form"),
        ("https://office.example\\@10.0.0.1/", "address_form"),
        ("https://münchen.example/", "address_form"),
        ("https://office.example:notaport/", "address_form"),
        ("https://office.example:99999/", "address_form"),
        ("https://[::1/", "address_form"),
        ("https://office.example/" + "x" * 500, "address_form"),
        ("https://office.example/\r\nHost: other", "address_form"),
        ("https://office.example:22/", "address_port"),
        ("https://office.example:80/", "address_port"),
        ("https://localhost/", "address_host"),
        ("https://office/", "address_host"),
        ("https://127.0.0.1/", "address_host"),
        ("https://2130706433/", "address_host"),
        ("https://0x7f.0.0.1/", "address_host"),
        ("https://0177.0.0.01/", "address_host"),
        ("https://127.1/", "address_host"),
        ("https://93.184.215.14/", "address_host"),
        ("https://[::1]/", "address_host"),
        ("https://[::ffff:127.0.0.1]/", "address_host"),
        ("https://printer.local/", "address_host"),
        ("https://app.localhost/", "address_host"),
        ("https://app.localdomain/", "address_host"),
        ("https://mail.corp/", "address_host"),
        ("https://router.home/", "address_host"),
        ("https://metadata.google.internal/", "address_host"),
        ("https://office.example./", "address_host"),
        ("https://office..example/", "address_host"),
        ("https://-office.example/", "address_host"),
        ("https://office_1.example/", "address_host"),
    ],
)
def test_other_addresses_are_refused_by_kind(url: str, kind: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        parse(url, ())
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.0.0.1",
        "192.0.0.8", "192.0.0.192",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1",
        "::7f00:1", "2001:db8::1", "fec0::1", "feff::1", "3fff::1", "3fff:fff::1", "192.88.99.1",
        "168.63.129.16", "no number", "",
    ],
)  # fmt: skip
def test_number_of_no_public_network_is_none(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number",
    [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "192.88.98.255", "192.88.100.1", "168.63.129.17", "3ffe::1"],
)
def test_public_number_is_one(number: str) -> None:
    assert is_public(number)


def answering(*numbers: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(numbers)

    return resolve


@pytest.mark.parametrize("numbers", [["10.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1", PUBLIC]])
async def test_name_that_stands_for_one_private_number_among_others_is_refused(numbers: list[str]) -> None:
    with pytest.raises(BadAddress) as refusal:
        await Addresses(resolve=answering(*numbers)).look_up("https://office.example/")
    assert refusal.value.kind == "address_private"


async def test_name_that_nobody_knows_is_unresolved() -> None:
    with pytest.raises(Unresolved):
        await Addresses(resolve=answering()).look_up("https://office.example/")
    with pytest.raises(Unresolved):
        await Addresses().look_up("https://nobody-has-this-name.invalid/")


def test_listed_origin_is_listed_exactly() -> None:
    listed = {"http://127.0.0.1:9000", "https://kim.intern"}
    assert parse("http://127.0.0.1:9000/x", listed).listed
    assert parse("https://kim.intern:443/x", listed).listed
    for other in (
        "http://127.0.0.1:9001/", "https://127.0.0.1:9000/", "http://127.0.0.1/", "http://127.0.0.2:9000/",
        "http://127.0.0.1:9000@office.example/", "https://kim.intern.office.example:22/", "http://kim.intern/",
    ):  # fmt: skip
        with pytest.raises(BadAddress):
            parse(other, listed)


async def test_name_that_turns_to_a_private_network_between_the_check_and_the_attempt_is_not_called() -> None:
    """A name is looked up for each attempt: whoever rebinds it is refused then."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    async with receiver() as victim:
        addresses = Addresses(resolve=rebinding)
        await addresses.look_up("https://office.example/")
        sender = Sender(addresses)
        outcome = await sender.send("https://office.example/", {}, b"{}")
        await sender.close()
    assert (outcome.status, outcome.failure) == (None, Failure.ADDRESS)
    assert victim.received == []


@pytest.fixture(scope="module")
def authority(
    tmp_path_factory: pytest.TempPathFactory,
) -> Certificates:
    """An authority, a server's certificate for office.example, and one of nobody's for the same name."""
    folder = tmp_path_factory.mktemp("certificates")

    def made(name: str) -> tuple[Path, ssl.SSLContext]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        names = [x509.DNSName("office.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        path = folder / f"{name}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return path, context

    (trusted, good), (_, bad) = made("office"), made("nobody")
    return trusted, good, bad


async def outcome_at(
    office: Receiver, name: str, trusted: Path | None, *, numbers: tuple[str, ...] = ("127.0.0.1",)
) -> tuple[int | None, Failure | None]:
    """Send to a name that stands for the receiver's number, as an operator's list allows."""
    origin = f"https://{name}:{office.port}"
    sender = Sender(Addresses(frozenset({origin}), answering(*numbers)), trusted=trusted)
    outcome = await sender.send(f"{origin}/kim", {"webhook-id": "1"}, b"{}")
    await sender.close()
    return outcome.status, outcome.failure


async def test_connection_goes_to_the_number_and_the_certificate_is_asked_for_the_name(
    authority: Certificates,
) -> None:
    trusted, good, _ = authority
    async with receiver(certificate=good) as office:
        assert await outcome_at(office, "office.example", trusted) == (204, None)
        assert office.received[0].headers["host"] == f"office.example:{office.port}"


async def test_certificate_for_another_name_or_of_an_unknown_authority_is_refused(
    authority: Certificates,
) -> None:
    trusted, good, bad = authority
    async with receiver(certificate=good) as office:
        assert await outcome_at(office, "other.example", trusted) == (None, Failure.CERTIFICATE)
        assert await outcome_at(office, "office.example", None) == (None, Failure.CERTIFICATE)
        assert office.received == []
    async with receiver(certificate=bad) as office:
        assert await outcome_at(office, "office.example", trusted) == (None, Failure.CERTIFICATE)


async def test_second_number_is_tried_where_nobody_answers_at_the_first(
    authority: Certificates,
) -> None:
    trusted, good, _ = authority
    async with receiver(certificate=good) as office:
        numbers = ("127.0.0.3", "127.0.0.1")
        assert await outcome_at(office, "office.example", trusted, numbers=numbers) == (204, None)


async def by_name(self: Sender, number: str, target: Target, headers: object, body: bytes) -> httpx.Response:
    """Planted fault: the connection is made by the name, which is so looked up once more."""
    await self._addresses.resolve(target.host, target.port)
    return httpx.Response(204, stream=httpx.ByteStream(b""))


@pytest.mark.parametrize(
    ("post", "times"), [(Sender._post_to, 1), (by_name, 2)], ids=["as built", "planted: by name"]
)
async def test_name_is_looked_up_once_for_an_attempt(
    monkeypatch: pytest.MonkeyPatch, post: Callable[..., Awaitable[int]], times: int
) -> None:
    looked_up: list[str] = []

    async def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(Sender, "_post_to", post)
    async with receiver() as office:
        origin = f"http://office.example:{office.port}"
        sender = Sender(Addresses(frozenset({origin}), resolve))
        assert (await sender.send(f"{origin}/", {"webhook-id": "1"}, b"{}")).status == 204
        await sender.close()
    assert len(looked_up) == times
