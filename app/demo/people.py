"""Where people come from and what goes with it: names, languages, residence status. Pure data."""

from dataclasses import dataclass
from datetime import date

from app.demo.picking import Weighted


@dataclass(frozen=True)
class Origin:
    """Where people come from, and what goes with it."""

    nationality: str
    weight: int
    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    statuses: Weighted
    """Residence statuses of adults who came first; those of their families follow (`standing`)."""
    literacy: tuple[str, ...] = ("latin",)
    feminine: tuple[tuple[str, str], ...] = ()
    """Endings of a family name that a woman's name changes."""
    keeps_name: bool = False
    """Whether a woman usually keeps her father's name when she marries."""

    def family_name(self, name: str, sex: str) -> str:
        """Return the form of a family name that a person of this sex bears."""
        for ending, feminine in self.feminine:
            if sex == "w" and name.endswith(ending):
                return name.removesuffix(ending) + feminine
        return name


_PROTECTED = (("AE-25.2A", 5), ("AE-25.2B", 6), ("AE-25.3", 2), ("GEST", 3), ("NE-26.3", 1))
_TOLERATED = (("DU-60A2.1", 5), ("DU-60B", 2), ("DU-60C", 2), ("DU-60D", 2), ("AE-25B1", 3))
_EU = Weighted(("EU-UB", 1))

ORIGINS = (
    Origin("166", 26, "ukr",
        ("Oksana", "Iryna", "Natalia", "Olena", "Kateryna", "Svitlana", "Yuliia", "Halyna", "Daryna",
         "Sofiia"),
        ("Andrii", "Oleksandr", "Serhii", "Mykola", "Dmytro", "Ivan", "Maksym", "Bohdan", "Artem", "Yurii"),
        ("Shevchenko", "Kovalenko", "Bondarenko", "Tkachenko", "Kravchenko", "Melnychuk", "Polishchuk",
         "Lysenko", "Savchuk", "Hrytsenko", "Zaitsev", "Marchenko"),
        Weighted(("AE-24", 1)), ("second_script", "latin"), (("tsev", "tseva"),)),
    Origin("475", 24, "apc",
        ("Fatima", "Aisha", "Rania", "Nour", "Hala", "Samar", "Mariam", "Layla", "Rima", "Zeinab"),
        ("Mohammad", "Ahmad", "Khaled", "Omar", "Yousef", "Mahmoud", "Hassan", "Ibrahim", "Bashar", "Anas"),
        ("al-Khatib", "Haddad", "al-Ahmad", "Darwish", "Nasser", "al-Masri", "Kurdi", "Sabbagh", "Hamdan",
         "Shami", "al-Hussein", "Barakat"), Weighted(*_PROTECTED), ("second_script", "latin", "functional"),
        keeps_name=True),
    Origin("423", 12, "prs",
        ("Zahra", "Maryam", "Shabnam", "Nargis", "Farzana", "Laila", "Sahar", "Masooma"),
        ("Ahmad", "Reza", "Najib", "Farid", "Ali", "Jawad", "Mustafa", "Habib"),
        ("Rahimi", "Ahmadi", "Haidari", "Karimi", "Noori", "Hosseini", "Mohammadi", "Amiri", "Sultani"),
        Weighted(("AE-25.3", 4), ("AE-25.2A", 4), ("GEST", 3), ("DU-60A2.1", 2), ("AE-22.2", 2)),
        ("second_script", "functional", "not_literate"), keeps_name=True),
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
        Weighted(("AE-4.2", 3), ("AE-25.2A", 1), ("GEST", 2), ("NE-9", 2))),
    Origin("438", 4, "kmr",
        ("Amina", "Shirin", "Hêvî", "Noora", "Berîvan"), ("Karwan", "Ali", "Hussein", "Dilshad", "Azad"),
        ("Hassan", "Khalil", "Murad", "Ibrahim", "Saleh"), Weighted(*_PROTECTED, ("DU-60A2.1", 4)),
        keeps_name=True),
    Origin("150", 2, "sqi", ("Vjosa", "Arta", "Besa", "Teuta", "Mimoza"),
        ("Arben", "Driton", "Ilir", "Fatos", "Agim"),
        ("Krasniqi", "Berisha", "Gashi", "Hoxha"), Weighted(*_TOLERATED)),
    Origin("261", 3, "fra", ("Aïssatou", "Mariama", "Fatoumata", "Kadiatou", "Hawa"),
        ("Mamadou", "Alpha", "Ibrahima", "Ousmane", "Thierno"),
        ("Diallo", "Bah", "Barry", "Camara", "Sow"), Weighted(*_TOLERATED, ("GEST", 3)),
        ("functional", "latin"), keeps_name=True),
    Origin("224", 2, "tir", ("Selam", "Tsega", "Feven", "Helen", "Rahwa"),
        ("Yonas", "Filmon", "Daniel", "Samuel", "Merhawi"),
        ("Tesfay", "Ghebremedhin", "Haile", "Kidane"), Weighted(*_PROTECTED), ("second_script",),
        keeps_name=True),
)  # fmt: skip

STREETS = (
    "Bahnhofstraße", "Hauptstraße", "Schulstraße", "Gartenstraße", "Kirchweg", "Rheinstraße", "Lindenweg",
    "Am Markt", "Mühlenstraße", "Feldstraße", "Friedrichstraße", "Hochstraße", "Wiesenweg", "Uferstraße",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    given_name: str
    family_name: str
    sex: str
    birth_date: date
    origin: Origin
    status: str
    role: str
    """In the household: `head`, `spouse`, `relative` or `child`, a minor."""

    @property
    def address(self) -> str:
        """How a case file names an adult who acts."""
        title = {"w": "Frau ", "m": "Herr "}.get(self.sex, f"{self.given_name} ")
        return f"{title}{self.family_name}"

    @property
    def addressed(self) -> str:
        """The same with whom, or whom, something is done."""
        return f"Herrn {self.family_name}" if self.sex == "m" else self.address
