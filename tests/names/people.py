"""An area full of people with names as they are distributed in life, and questions for some of them.

Every spelling comes from the tables of this folder, none from the code under test. Every fifth name and one
scheme of each language are held out: nothing was tuned on them.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, partial

from tests.names import arabic, greek, slavic, turkish

NAMESAKES = 5
"""Who has more people of the same name is asked for with the year of birth."""
STORED_IN_OWN_SCRIPT, ASKED_IN_OWN_SCRIPT = 0.15, 0.15
MISTYPED, SWAPPED, MISSING, WITH_DATE, WITH_YEAR = 0.25, 0.15, 0.15, 0.3, 0.2
SECOND_NAME = 0.2
_LETTERS = "abcdefghijklmnoprstuvwz"


@dataclass(frozen=True)
class Language:
    """Names of one language, the frequent ones first, and the ways to write them."""

    name: str
    given: Sequence[str]
    family: Sequence[str]
    schemes: Sequence[str]
    held_out: str
    render: Callable[[str, str], str]
    script: Callable[[str], str]

    @cached_property
    def weights(self) -> tuple[list[float], list[float]]:
        """Frequencies fall with the rank (Zipf)."""
        return _zipf(self.given, 0.9), _zipf(self.family, 0.7)


def _zipf(names: Sequence[str], power: float) -> list[float]:
    return [1 / (rank + 1) ** power for rank in range(len(names))]


def _family_names(stems: str, ends: str, split: str | None = None) -> list[str]:
    found = [stem + end for end in ends.split(split) for stem in stems.split()]
    random.Random(7).shuffle(found)
    return found


def _arabic_script(name: str) -> str:
    return _ARABIC_SCRIPT[name]


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(spoken, script.replace("_", " ")) for script, spoken in (e.split("=") for e in table.split())]


_ARABIC_GIVEN, _ARABIC_FAMILY = _pairs(arabic.GIVEN), _pairs(arabic.FAMILY)
_ARABIC_SCRIPT = dict([*_ARABIC_GIVEN, *_ARABIC_FAMILY])


def _slavic(name: str, given: str, stems: str, ends: str) -> Language:
    return Language(
        name,
        given.split(),
        _family_names(stems, ends),
        tuple(slavic.SCHEMES[name]),
        slavic.HELD_OUT[name][0],
        lambda word, scheme: slavic.render(word, name, scheme),
        str,
    )


LANGUAGES = (
    Language(
        "arabic",
        [spoken for spoken, _ in _ARABIC_GIVEN],
        # A grandfather's name serves as a family name too.
        [spoken for spoken, _ in [*_ARABIC_FAMILY, *_ARABIC_GIVEN[:55]]],
        arabic.SCHEMES,
        arabic.HELD_OUT,
        arabic.render,
        _arabic_script,
    ),
    _slavic("ukrainian", slavic.UKRAINIAN_GIVEN, slavic.UKRAINIAN_STEMS, slavic.UKRAINIAN_ENDS),
    _slavic("russian", slavic.RUSSIAN_GIVEN, slavic.RUSSIAN_STEMS, slavic.RUSSIAN_ENDS),
    _slavic("bulgarian", slavic.BULGARIAN_GIVEN, slavic.BULGARIAN_STEMS, slavic.BULGARIAN_ENDS),
    Language(
        "greek", greek.GIVEN.split(), _family_names(greek.STEMS, greek.ENDS), greek.SCHEMES, greek.HELD_OUT,
        greek.render, str,
    ),
    Language(
        "turkish", turkish.GIVEN.split(), _family_names(turkish.STEMS, turkish.ENDS, ","), turkish.SCHEMES,
        turkish.HELD_OUT, turkish.render, str,
    ),
)  # fmt: skip
SHARES = (0.35, 0.2, 0.1, 0.12, 0.08, 0.15)


@dataclass(frozen=True)
class Someone:
    """A person: the names as they are, and as an office wrote them."""

    number: int
    language: Language
    given: tuple[str, ...]
    family: tuple[str, ...]
    born: date
    stored_given: str
    stored_family: str

    @property
    def names(self) -> frozenset[str]:
        """The words of the names: nobody can tell those apart who exchange them, or by the article."""
        words = "_".join([*self.given, *self.family]).replace("al-", "").split("_")
        return frozenset(words)


@dataclass(frozen=True)
class Question:
    """What somebody types who looks for a person."""

    target: Someone
    name: str
    birth_date: date | None
    birth_year: int | None
    kinds: frozenset[str] = field(default_factory=frozenset)


def area(size: int, seed: int = 1) -> list[Someone]:
    """Return so many people."""
    chance = random.Random(seed)
    return [_someone(number, chance) for number in range(size)]


def _someone(number: int, chance: random.Random) -> Someone:
    language = chance.choices(LANGUAGES, SHARES)[0]
    given_weights, family_weights = language.weights
    given = [*chance.choices(language.given, given_weights)]
    family = [*chance.choices(language.family, family_weights)]
    if chance.random() < SECOND_NAME:
        more, weights = (given, given_weights) if chance.random() < 0.5 else (family, family_weights)
        pool = language.given if more is given else language.family
        more += [name for name in chance.choices(pool, weights) if name not in more]
    scheme = chance.choice(language.schemes)
    write = language.script if chance.random() < STORED_IN_OWN_SCRIPT else partial(_in, language, scheme)
    return Someone(
        number,
        language,
        tuple(given),
        tuple(family),
        _born(chance),
        " ".join(write(name) for name in given),
        ("-" if chance.random() < 0.5 else " ").join(write(name) for name in family),
    )


def _in(language: Language, scheme: str, name: str) -> str:
    return language.render(name, scheme)


def _born(chance: random.Random) -> date:
    """Return a birth date; where none was registered, offices write the first of January."""
    day = date(1945, 1, 1) + timedelta(days=chance.randrange(79 * 365))
    return day.replace(month=1, day=1) if chance.random() < 0.15 else day


def questions(people: Sequence[Someone], count: int, *, held_out: bool, seed: int = 2) -> list[Question]:
    """Return questions for people drawn at random; `held_out`: names or a scheme nothing was tuned on."""
    chance = random.Random(seed)
    namesakes = Counter(person.names for person in people)
    asked: list[Question] = []
    while len(asked) < count:
        person = chance.choice(people)
        is_new = any(
            list(pool).index(name) % 5 == 4
            for pool, names in (
                (person.language.given, person.given),
                (person.language.family, person.family),
            )
            for name in names
        )
        if held_out or not is_new:
            asked.append(_question(person, namesakes[person.names], chance, held_out and not is_new))
    return asked


def _question(person: Someone, namesakes: int, chance: random.Random, in_new_scheme: bool) -> Question:
    language = person.language
    scheme = language.held_out if in_new_scheme else chance.choice(language.schemes)
    kinds = {language.name}
    own_script = not in_new_scheme and chance.random() < ASKED_IN_OWN_SCRIPT
    write = language.script if own_script else partial(_in, language, scheme)
    given, family = [write(name) for name in person.given], [write(name) for name in person.family]
    if own_script:
        kinds.add("own_script")
    if len(given) + len(family) > 2 and chance.random() < 0.5:
        (given if len(given) > 1 else family).pop(chance.randrange(2))
        kinds.add("missing")
    parts = [" ".join(given), "-".join(family)]
    drawn = chance.random()
    dated = drawn < WITH_DATE
    yearly = not dated and (drawn < WITH_DATE + WITH_YEAR or namesakes > NAMESAKES or "missing" in kinds)
    if dated and chance.random() < MISSING:
        parts = [chance.choice(parts)]
        kinds.add("one_name")
    if chance.random() < SWAPPED:
        parts.reverse()
        kinds.add("swapped")
    if chance.random() < MISTYPED:
        kinds.add("mistyped")
        parts[-1] = mistyped(parts[-1], chance)
    kinds.add("date" if dated else "year" if yearly else "name_only")
    return Question(
        person,
        " ".join(parts),
        person.born if dated else None,
        person.born.year if yearly else None,
        frozenset(kinds),
    )


def mistyped(name: str, chance: random.Random) -> str:
    """Return a name with one letter left out, doubled, changed or exchanged with the next one."""
    place = chance.randrange(1, max(2, len(name) - 1))
    letters = _LETTERS if name[0].isascii() else [sign.lower() for sign in name if sign.isalpha()]
    kind = chance.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + chance.choice(letters) + name[place:]
    if kind == 2:
        return name[:place] + chance.choice(letters) + name[place + 1 :]
    return name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]
