"""The texts that are explained to clients, as shipped: `texts/<purpose>.<language>.<version>.md`.

A version's words never change; the German text is the binding one of its version, the others translate it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import asyncpg

BINDING_LANGUAGE = "deu"

_STORE = """INSERT INTO consent_texts (purpose, language, version, sha256, text)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (purpose, language, version) DO NOTHING"""
_DIGEST = "SELECT sha256 FROM consent_texts WHERE (purpose, language, version) = ($1, $2, $3)"


@dataclass(frozen=True, slots=True)
class Text:
    """One text with the digest of its words."""

    purpose: str
    language: str
    version: str
    text: str
    sha256: str


class TextChanged(Exception):
    """The words of a version that clients have agreed to were changed."""


def read_texts(directory: Traversable) -> tuple[Text, ...]:
    """Return the texts of a directory, sorted by purpose, language and version."""
    names = sorted(entry.name for entry in directory.iterdir() if entry.name.endswith(".md"))
    return tuple(_read(directory, name) for name in names)


def _read(directory: Traversable, name: str) -> Text:
    purpose, language, version, _ = name.split(".")
    words = (directory / name).read_text(encoding="utf-8").strip()
    return Text(purpose, language, version, words, hashlib.sha256(words.encode()).hexdigest())


@cache
def shipped() -> Mapping[tuple[str, str, str], Text]:
    """Return the shipped texts by purpose, language and version."""
    found = read_texts(files("app.consents") / "texts")
    return MappingProxyType({(each.purpose, each.language, each.version): each for each in found})


def digest_of(purpose: str, language: str, version: str) -> str | None:
    """Return the digest of the text that was explained; None when it does not exist in this language."""
    found = shipped().get((purpose, language, version))
    return found.sha256 if found else None


def versions_of(purpose: str) -> list[str]:
    """Return the versions of the text for a purpose."""
    return sorted({version for named, _, version in shipped() if named == purpose})


def languages_of(purpose: str, version: str) -> list[str]:
    """Return the languages in which a version exists, the binding one first."""
    found = {language for named, language, of in shipped() if (named, of) == (purpose, version)}
    return sorted(found, key=lambda language: (language != BINDING_LANGUAGE, language))


async def store_texts(connection: asyncpg.Connection) -> None:
    """Write the shipped texts that are not stored yet; raise `TextChanged` for one with other words."""
    for each in shipped().values():
        key = (each.purpose, each.language, each.version)
        await connection.execute(_STORE, *key, each.sha256, each.text)
        if await connection.fetchval(_DIGEST, *key) != each.sha256:
            raise TextChanged(" ".join(key))
