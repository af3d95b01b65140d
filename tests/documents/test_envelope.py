"""A sealed file opens only whole, unchanged, in its place and under its key."""

import pytest

from app.documents.envelope import CHUNK, new_key, opened, seal_key, sealed, sealed_anew, unseal_key
from app.kit.sealing import Unsealable, load_field_keys, new_field_keys

PLACE = ("KIM-05170", "0192-doc")
WHOLE = CHUNK + 16


async def opened_whole(stored: bytes, key: bytes, *place: str, piece: int = 1000) -> bytes:
    async def pieces():
        for at in range(0, len(stored), piece):
            yield stored[at : at + piece]

    return b"".join([part async for part in opened(pieces(), key, *place)])


@pytest.mark.parametrize("size", [1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
@pytest.mark.parametrize("piece", [3000, CHUNK + 16, 10 * CHUNK])
async def test_what_was_sealed_opens(size: int, piece: int) -> None:
    key, content = new_key(), bytes(number % 251 for number in range(size))
    stored = b"".join(sealed(content, key, *PLACE))
    assert await opened_whole(stored, key, *PLACE, piece=piece) == content


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
async def test_what_is_sealed_anew_opens_in_its_new_place_only(size: int) -> None:
    old, new, content = new_key(), new_key(), bytes(number % 251 for number in range(size))
    stored = b"".join(sealed(content, old, *PLACE))

    async def lying():
        yield stored

    elsewhere = ("KIM-05914", "0192-copy")
    pieces = sealed_anew(opened(lying(), old, *PLACE), new, *elsewhere)
    again = b"".join([part async for part in pieces])
    assert again == b"".join(sealed(content, new, *elsewhere))
    assert await opened_whole(again, new, *elsewhere) == content
    for key, place in ((old, elsewhere), (new, PLACE)):
        with pytest.raises(Unsealable):
            await opened_whole(again, key, *place)


def faults(stored: bytes) -> dict[str, bytes]:
    """Return what an attacker who holds the store could make of a file of three chunks."""
    head, first, second, third = (
        stored[:4],
        stored[4 : 4 + WHOLE],
        stored[4 + WHOLE : 4 + 2 * WHOLE],
        stored[4 + 2 * WHOLE :],
    )
    turned = bytearray(stored)
    turned[len(stored) // 2] ^= 1
    return {
        "a bit turned": bytes(turned),
        "cut in a chunk": stored[:-1],
        "cut at a chunk": head + first + second,
        "two chunks swapped": head + second + first + third,
        "a chunk left out": head + first + third,
        "a chunk twice": head + first + first + second + third,
        "something appended": stored + b"x",
        "another form": b"KIM2" + stored[4:],
        "empty": b"",
    }


@pytest.mark.parametrize("fault", faults(bytes(4 + 3 * WHOLE)))
async def test_a_changed_file_does_not_open(fault: str) -> None:
    key = new_key()
    stored = b"".join(sealed(bytes(2 * CHUNK + 100), key, *PLACE))
    with pytest.raises(Unsealable):
        await opened_whole(faults(stored)[fault], key, *PLACE)


async def test_a_file_opens_in_its_place_only() -> None:
    key = new_key()
    stored = b"".join(sealed(b"Attest", key, *PLACE))
    for place in (("KIM-05171", PLACE[1]), (PLACE[0], "0192-other")):
        with pytest.raises(Unsealable):
            await opened_whole(stored, key, *place)


def test_a_sealed_key_opens_in_its_place_only() -> None:
    keys, key = load_field_keys(new_field_keys()), new_key()
    kept = seal_key(keys, key, *PLACE)
    assert unseal_key(keys, kept, *PLACE) == key
    with pytest.raises(Unsealable):
        unseal_key(keys, kept, PLACE[0], "0192-other")


def test_equal_files_are_not_equal_in_the_store() -> None:
    one, other = (b"".join(sealed(b"Attest", new_key(), *PLACE)) for _ in range(2))
    assert one != other
