"""Plausible persons of every target group: names, languages, status and household. Pure, by seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True)
class Origin:
    """Where people come from, and what goes with it."""

    nationality: str
    weight: int
    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    statuses: tuple[tuple[str, int], ...]
    """Residence status and its weight."""
    literacy: tuple[str, ...] = ("latin",)
    feminine: tuple[tuple[str, str], ...] = ()
    """Endings of a family name that a woman's name changes."""


_PROTECTED = (
    ("AE-25.2A", 5), ("AE-25.2B", 6), ("AE-25.3", 2), ("GEST", 3), ("AE-36A", 1), ("NE-26.3", 1),
)  # fmt: skip
_TOLERATED = (
    ("DU-60A2.1", 5), ("DU-60B", 2), ("DU-60C", 2), ("DU-60D", 2), ("AE-104C", 3), ("AE-25B1", 2),
)  # fmt: skip
_EU = (("EU-UB", 1),)

ORIGINS = (
    Origin("166", 26, "ukr",
        ("Oksana", "Iryna", "Natalia", "Olena", "Kateryna", "Svitlana", "Yuliia", "Halyna", "Daryna",
         "Sofiia"),
        ("Andrii", "Oleksandr", "Serhii", "Mykola", "Dmytro", "Ivan", "Maksym", "Bohdan", "Artem", "Yurii"),
        ("Shevchenko", "Kovalenko", "Bondarenko", "Tkachenko", "Kravchenko", "Melnychuk", "Polishchuk",
         "Lysenko", "Savchuk", "Hrytsenko", "Zaitsev", "Marchenko"),
        (("AE-24", 1),), ("second_script", "latin")),
    Origin("475", 24, "apc",
        ("Fatima", "Aisha", "Rania", "Nour", "Hala", "Samar", "Mariam", "Layla", "Rima", "Zeinab"),
        ("Mohammad", "Ahmad", "Khaled", "Omar", "Yousef", "Mahmoud", "Hassan", "Ibrahim", "Bashar", "Anas"),
        ("al-Khatib", "Haddad", "al-Ahmad", "Darwish", "Nasser", "al-Masri", "Kurdi", "Sabbagh", "Hamdan",
         "Shami", "al-Hussein", "Barakat"), _PROTECTED, ("second_script", "latin", "functional")),
    Origin("423", 12, "prs",
        ("Zahra", "Maryam", "Shabnam", "Nargis", "Farzana", "Laila", "Sahar", "Masooma"),
        ("Ahmad", "Reza", "Najib", "Farid", "Ali", "Jawad", "Mustafa", "Habib"),
        ("Rahimi", "Ahmadi", "Haidari", "Karimi", "Noori", "Hosseini", "Mohammadi", "Amiri", "Sultani"),
        (("AE-25.3", 4), ("AE-25.2A", 4), ("GEST", 3), ("DU-60A2.1", 2), ("AE-22.2", 2)),
        ("second_script", "functional", "not_literate")),
    Origin("154", 13, "ron",
        ("Maria", "Elena", "Ioana", "Andreea", "Mihaela", "Florentina", "Roxana", "Simona"),
        ("Ion", "Andrei", "Mihai", "Florin", "Gheorghe", "Cristian", "Vasile", "Marius"),
        ("Popescu", "Ionescu", "Dumitru", "Stan", "Ciobanu", "Munteanu", "Lăcătuș", "Marin", "Radu"), _EU),
    Origin("125", 10, "bul",
        ("Elena", "Desislava", "Gergana", "Radka", "Stefka", "Nadezhda", "Silviya"),
        ("Georgi", "Ivan", "Dimitar", "Stoyan", "Asen", "Mitko", "Angel"),
        ("Ivanov", "Dimitrov", "Petrov", "Angelov", "Asenov", "Stoyanov", "Iliev"), _EU,
        ("second_script", "latin"), (("ov", "ova"), ("ev", "eva"))),
    Origin("163", 4, "tur",
        ("Ayşe", "Emine", "Elif", "Zeynep", "Gülsüm"), ("Mehmet", "Mustafa", "Ali", "Hüseyin", "Emre"),
        ("Y\N{LATIN SMALL LETTER DOTLESS I}lmaz", "Kaya", "Demir", "Şahin", "Öztürk", "Çelik"),
        (("AE-4.2", 3), ("AE-30", 2), ("GEST", 2), ("NE-9", 1))),
    Origin("438", 4, "kmr",
        ("Amina", "Shirin", "Hêvî", "Noora"), ("Karwan", "Ali", "Hussein", "Dilshad"),
        ("Hassan", "Khalil", "Murad", "Ibrahim", "Saleh"), (*_PROTECTED, ("DU-60A2.1", 4))),
    Origin("150", 2, "sqi", ("Vjosa", "Arta", "Besa"), ("Arben", "Driton", "Ilir"),
        ("Krasniqi", "Berisha", "Gashi", "Hoxha"), _TOLERATED),
    Origin("261", 3, "fra", ("Aïssatou", "Mariama", "Fatoumata"), ("Mamadou", "Alpha", "Ibrahima"),
        ("Diallo", "Bah", "Barry", "Camara", "Sow"), (*_TOLERATED, ("GEST", 3)), ("functional", "latin")),
    Origin("224", 2, "tir", ("Selam", "Tsega", "Feven"), ("Yonas", "Filmon", "Daniel"),
        ("Tesfay", "Ghebremedhin", "Haile", "Kidane"), _PROTECTED, ("second_script",)),
)  # fmt: skip

STREETS = (
    "Bahnhofstraße", "Hauptstraße", "Schulstraße", "Gartenstraße", "Kirchweg", "Rheinstraße", "Lindenweg",
    "Am Markt", "Mühlenstraße", "Feldstraße", "Friedrichstraße", "Hochstraße", "Wiesenweg", "Uferstraße",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One made-up person."""

    given_name: str
    family_name: str
    sex: str
    birth_date: date
    origin: Origin
    status: str


def choose(random: Random, weighted: tuple[tuple[str, int], ...]) -> str:
    """Return one code by weight."""
    return random.choices([code for code, _ in weighted], [weight for _, weight in weighted])[0]


def household(random: Random, today: date) -> list[Person]:
    """Return the members of a household: one to three adults, then children in every age of school."""
    origin = random.choices(ORIGINS, [each.weight for each in ORIGINS])[0]
    family = random.choice(origin.families)
    status = choose(random, origin.statuses)
    adults = random.choices((1, 2, 3), (5, 4, 1))[0]
    children = random.choices((0, 1, 2, 3, 4), (10, 5, 5, 3, 1))[0]
    people = [_person(random, today, origin, family, status, (19, 66)) for _ in range(adults)]
    people += [_person(random, today, origin, family, status, (0, 17)) for _ in range(children)]
    return people


def _person(
    random: Random, today: date, origin: Origin, family: str, status: str, ages: tuple[int, int]
) -> Person:
    sex = random.choices(("w", "m", "d"), (54, 45, 1))[0]
    given = random.choice(origin.women if sex == "w" else origin.men)
    for ending, feminine in origin.feminine:
        if sex == "w" and family.endswith(ending):
            family = family.removesuffix(ending) + feminine
    born = today - timedelta(days=random.randint(ages[0] * 365 + 10, ages[1] * 365))
    return Person(given, family, sex, born, origin, status)
