"""The texts that are explained to clients: real, in both languages, and never changed under a version."""

import hashlib
from importlib.resources import files

import asyncpg
import pytest

from app.access.roles import Role
from app.consents import texts
from app.consents.texts import BINDING_LANGUAGE, TextChanged, digest_of, shipped, store_texts
from tests.world import World

EVERYWHERE = ("deu", "eng", "ukr", "ara", "tur", "ron", "bul")
LANGUAGES = {
    "case_documentation": EVERYWHERE,
    "referral": EVERYWHERE,
    "transfer": EVERYWHERE,
    "feedback": ("deu", "eng"),
    "case_conference": ("deu", "eng"),
    "state_database": ("deu", "eng"),
}
PURPOSES = tuple(LANGUAGES)
_TICKED = {"deu": "ausdrücklich angekreuzt", "eng": "ticked it explicitly"}
_NEVER = {
    "deu": "Niemals: Name, Adresse, Geburtstag, Gesundheit",
    "eng": "Never: name, address, birthday, health",
}
OF_HEALTH = {**dict.fromkeys(PURPOSES, _TICKED), "state_database": _NEVER}
"""Data on health go with an explicit word only (Art. 9 (2) (a) GDPR), or not at all."""


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "deu",
            (
                "jederzeit zurücknehmen",
                "enn Sie nicht einwilligen",
                "zwölf Monate",
            ),
        ),
        ("eng", ("back at any time", "f you do not consent", "twelve months")),
    ],
)
def test_text_says_what_the_law_asks_for(purpose: str, language: str, said: tuple[str, ...]) -> None:
    text = shipped()[purpose, language, "1"]
    assert [words for words in (*said, OF_HEALTH[purpose][language]) if words not in text.text] == []
    assert text.sha256 == hashlib.sha256(text.text.encode()).hexdigest()


def test_every_version_has_its_binding_text() -> None:
    assert {(purpose, version) for purpose, _, version in shipped()} == {
        (purpose, version) for purpose, language, version in shipped() if language == BINDING_LANGUAGE
    }


def test_without_a_translation_the_binding_text_was_explained() -> None:
    assert digest_of("referral", "tir", "1") is None
    assert digest_of("referral", "eng", "1") != digest_of("referral", "deu", "1")
    assert digest_of("referral", "deu", "99") is None


@pytest.fixture
def changed_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_word_more() -> dict[tuple[str, str, str], texts.Text]:
        every = texts.read_texts(files("app.consents") / "texts")
        found = next(each for each in every if (each.purpose, each.language) == ("case_documentation", "deu"))
        other = found.text + " Und noch etwas."
        digest = hashlib.sha256(other.encode()).hexdigest()
        key = (found.purpose, found.language, found.version)
        return {key: texts.Text(*key, other, digest)}

    monkeypatch.setattr(texts, "shipped", one_word_more)


async def test_texts_are_stored_once_and_listed_for_everybody(world: World) -> None:
    await store_texts(world.admin)
    await store_texts(world.admin)
    partner = await world.person(Role.PARTNER_USER)
    items = (await partner.get("/v1/consent-texts")).json()["items"]
    assert [(each["purpose"], each["language"]) for each in items] == sorted(
        (purpose, language) for purpose in PURPOSES for language in LANGUAGES[purpose]
    )
    german = next(each for each in items if each["language"] == "deu")
    assert german["text"].startswith("# Einwilligung")


async def test_changed_words_under_an_old_version_are_noticed(
    admin: asyncpg.Connection, changed_words: None
) -> None:
    transaction = admin.transaction()
    await transaction.start()
    try:
        await admin.execute(
            """INSERT INTO consent_texts (purpose, language, version, sha256, text)
            VALUES ('case_documentation', 'deu', '1', 'abc', 'die alten Worte')
            ON CONFLICT (purpose, language, version) DO UPDATE SET sha256 = 'abc'"""
        )
        with pytest.raises(TextChanged, match="case_documentation deu 1"):
            await store_texts(admin)
    finally:
        await transaction.rollback()
