"""Which new passwords are good enough (OWASP ASVS 5.0.0, 6.2; NIST SP 800-63B-4, 3.1.1.2).

Length, a list of leaked passwords, and three plain ways of being guessable; no rules of composition, any
character counts. The list holds prefixes of digests only: leaked passwords contain names and obscenities.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SHORTEST_PASSWORD = 12  # code points
LONGEST_PASSWORD = 128
FEWEST_FREE = 8  # code points that no word of the context and no run supplies
FEWEST_DIFFERENT = 5

CONTEXT_WORDS = (
    "kim", "kommunal", "kommunales", "kommune", "integration", "integrations", "management", "casemanagement",
    "migration", "teilhabe", "beratung", "landkreis", "kreis", "stadt", "gemeinde", "verwaltung", "jobcenter",
    "ausländerbehörde", "auslaenderbehoerde", "nordrhein", "westfalen", "nrw", "deutschland", "germany",
    "passwort", "password", "kennwort", "geheim", "secret", "willkommen", "welcome", "hallo", "hello",
    "start", "admin", "administrator", "login", "test", "frühling", "fruehling", "sommer", "herbst", "winter",
    "spring", "summer", "autumn", "januar", "februar", "märz", "maerz", "april", "juni", "juli", "august",
    "september", "oktober", "november", "dezember", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
    "samstag", "sonntag",
)  # fmt: skip
"""Words that everybody here thinks of first (6.1.2, 6.2.11)."""

NEIGHBOURS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qwertzuiopüasdfghjklöäyxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    '!"§$%&/()=',
    "!@#$%^&*()",
)


class WeakPassword(Exception):
    """The password would be guessed; `code` is stable, `sentence` says what to do, neither repeats it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def check_password_policy(
    password: str, *, forbidden_words: Iterable[str] = (), shortest: int = SHORTEST_PASSWORD
) -> None:
    """Raise WeakPassword when a new password is too short, too long, leaked before, or easy to guess.

    `forbidden_words` are what a stranger may know of the person: name, e-mail address, institution, place.
    """
    text = unicodedata.normalize("NFC", password)
    if len(text) < shortest:
        raise WeakPassword("password_too_short", f"Use at least {shortest} characters.")
    if len(text) > LONGEST_PASSWORD:
        raise WeakPassword("password_too_long", f"Use at most {LONGEST_PASSWORD} characters.")
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise WeakPassword("password_not_text", "Use characters that can be written.")
    folded = text.casefold()
    if is_leaked(folded):
        raise WeakPassword("password_leaked", "This password is on a list of leaked passwords. Use another.")
    if len(set(folded)) < FEWEST_DIFFERENT or _repeats_itself(folded):
        raise WeakPassword("password_repetitive", "Use a password that does not repeat itself.")
    if len(_without_runs(folded)) < FEWEST_FREE:
        raise WeakPassword("password_sequence", "Use fewer neighbouring keys, letters or numbers in a row.")
    words = _words((*CONTEXT_WORDS, *forbidden_words))
    if len(_without_runs(words.sub("", folded))) < FEWEST_FREE:
        raise WeakPassword("password_personal", "Use more than names and words that others connect with you.")


def is_leaked(folded: str) -> bool:
    """Say whether a password in NFC and folded case, as it is or without digits at its ends, has leaked."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    return any(_prefix(text) in _leaked() for text in (folded, core))


@cache
def _leaked() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.csv")
    return frozenset(path.read_text("ascii").split()[1:])


def _prefix(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _repeats_itself(text: str) -> bool:
    """Say whether a text is one piece two or more times, the last perhaps cut off."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _without_runs(text: str) -> str:
    """Return the text with each run of three or more equal or neighbouring characters cut to its first."""
    kept: list[str] = []
    place = 0
    while place < len(text):
        kept.append(text[place])
        length = _run_length(text[place:])
        place += length if length >= 3 else 1
    return "".join(kept)


def _run_length(text: str) -> int:
    """Return for how many characters a text follows a row in either direction, or one character."""
    length = 1
    while length < len(text) and _is_run(text[: length + 1]):
        length += 1
    return length


def _is_run(text: str) -> bool:
    return len(set(text)) == 1 or any(text in row or text[::-1] in row for row in NEIGHBOURS)


def _words(known: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for the words of three letters or more in what is known, the longest first."""
    texts = (unicodedata.normalize("NFC", text).casefold() for text in known)
    words = {word for text in texts for word in re.split(r"[\W_]+", text) if len(word) >= 3}
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
