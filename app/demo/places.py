"""The two areas of the demonstration and the Land: their units, staff, positions and institutions.

Figures of Kreis Wesel (2021) and Hagen (2022): 11 and 10 case managers; 6.5 and 2.5 coordinators.
"""

from dataclasses import dataclass, field
from functools import cached_property

from app.organisations.models import STATE_AREA

WESEL, HAGEN = "KIM-05170", "KIM-05914"


@dataclass(frozen=True)
class UnitPlan:
    """A unit with its case managers (full-time equivalents each) and where it works."""

    name: str
    kind: str
    municipality: str | None
    legal_regime: str
    is_public_body: bool
    shares: tuple[float, ...]
    is_sgb_body: bool = False
    has_team_lead: bool = True


@dataclass(frozen=True)
class AreaPlan:
    """One municipal area."""

    key: str
    name: str
    towns: dict[str, str]
    """Municipality key to town and a postcode of it."""
    units: tuple[UnitPlan, ...]
    coordinator_shares: tuple[float, ...]
    assistant_share: float
    institutions: tuple[tuple[str, str, str], ...]
    """Kind, name, municipality key."""
    component_3: tuple[float, ...] = field(default=())
    weight: float = 0.5

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The keys of the towns."""
        return tuple(sorted(self.towns))


WESEL_TOWNS = {
    "05170004": "46519 Alpen",
    "05170008": "46535 Dinslaken",
    "05170012": "46499 Hamminkeln",
    "05170016": "46569 Hünxe",
    "05170020": "47475 Kamp-Lintfort",
    "05170024": "47441 Moers",
    "05170028": "47506 Neukirchen-Vluyn",
    "05170032": "47495 Rheinberg",
    "05170036": "46514 Schermbeck",
    "05170040": "47665 Sonsbeck",
    "05170044": "46562 Voerde",
    "05170048": "46483 Wesel",
    "05170052": "46509 Xanten",
}
HAGEN_TOWNS = {"05914000": "58095 Hagen"}
SEAT = {WESEL: "05170048", HAGEN: "05914000"}
"""Where a unit is that works in the whole area."""

_WESEL_INSTITUTIONS = (
    ("jobcenter", "Jobcenter Kreis Wesel, Geschäftsstelle Wesel", "05170048"),
    ("jobcenter", "Jobcenter Kreis Wesel, Geschäftsstelle Moers", "05170024"),
    ("jobcenter", "Jobcenter Kreis Wesel, Geschäftsstelle Dinslaken", "05170008"),
    ("agentur_arbeit", "Agentur für Arbeit Wesel", "05170048"),
    ("auslaenderbehoerde", "Ausländerbehörde Kreis Wesel", "05170048"),
    ("auslaenderbehoerde", "Ausländerbehörde der Stadt Moers", "05170024"),
    ("einbuergerungsbehoerde", "Einbürgerungsbehörde Kreis Wesel", "05170048"),
    ("sozialamt", "Sozialamt der Stadt Voerde", "05170044"),
    ("asylblg_stelle", "AsylbLG-Leistungsstelle der Stadt Dinslaken", "05170008"),
    ("familienkasse", "Familienkasse Nordrhein-Westfalen Nord", "05170048"),
    ("jugendamt", "Jugendamt der Stadt Wesel", "05170048"),
    ("schulamt", "Schulamt für den Kreis Wesel", "05170048"),
    ("schule", "Grundschule Innenstadt, Wesel", "05170048"),
    ("schule", "Gesamtschule Am Lauerhaas, Wesel", "05170048"),
    ("schule", "Comenius-Gesamtschule, Voerde", "05170044"),
    ("schule", "Berufskolleg Wesel", "05170048"),
    ("kita", "Städtische Kita Regenbogen, Moers", "05170024"),
    ("sprachkurstraeger", "Volkshochschule Wesel-Hamminkeln-Schermbeck, Integrationskurse", "05170048"),
    ("vhs", "vhs Moers - Kamp-Lintfort", "05170024"),
    ("wohnungsamt", "Wohnungsamt der Stadt Moers", "05170024"),
    ("einwohnermeldeamt", "Bürgerbüro der Stadt Dinslaken", "05170008"),
    ("gesundheitsamt", "Gesundheitsamt Kreis Wesel", "05170048"),
    ("psz", "Psychosoziales Zentrum Niederrhein", "05170024"),
    ("krankenkasse", "AOK Rheinland, Regionaldirektion Wesel", "05170048"),
    ("mbe", "Migrationsberatung der Caritas Moers-Xanten", "05170024"),
    ("jmd", "Jugendmigrationsdienst Kreis Wesel", "05170048"),
    ("schuldnerberatung", "Schuldnerberatung der Diakonie Dinslaken", "05170008"),
    ("frauenberatung", "Frauen helfen Frauen Moers", "05170024"),
    ("anerkennungsstelle", "IHK Niederrhein, Anerkennungsberatung", "05170048"),
    ("sprachmittlung", "Sprachmittlungspool Kreis Wesel", "05170048"),
)

_HAGEN_INSTITUTIONS = (
    ("jobcenter", "Jobcenter Hagen", "05914000"),
    ("agentur_arbeit", "Agentur für Arbeit Hagen", "05914000"),
    ("auslaenderbehoerde", "Ausländerbehörde der Stadt Hagen", "05914000"),
    ("einbuergerungsbehoerde", "Einbürgerungsbehörde der Stadt Hagen", "05914000"),
    ("sozialamt", "Sozialamt der Stadt Hagen", "05914000"),
    ("familienkasse", "Familienkasse Hagen", "05914000"),
    ("jugendamt", "Jugendamt der Stadt Hagen", "05914000"),
    ("schulamt", "Schulamt für die Stadt Hagen", "05914000"),
    ("schule", "Grundschule Altenhagen", "05914000"),
    ("schule", "Gesamtschule Haspe", "05914000"),
    ("schule", "Berufskolleg Cuno, Hagen", "05914000"),
    ("kita", "Städtische Kita Eilpe, Hagen", "05914000"),
    ("sprachkurstraeger", "Volkshochschule Hagen, Integrationskurse", "05914000"),
    ("wohnungsamt", "Wohnungsamt der Stadt Hagen", "05914000"),
    ("einwohnermeldeamt", "Bürgeramt der Stadt Hagen", "05914000"),
    ("krankenkasse", "AOK Nordwest, Hagen", "05914000"),
    ("mbe", "Migrationsberatung der Diakonie Mark-Ruhr", "05914000"),
    ("schuldnerberatung", "Schuldnerberatung der AWO Hagen", "05914000"),
    ("frauenberatung", "Frauenberatung Hagen", "05914000"),
    ("anerkennungsstelle", "SIHK zu Hagen, Anerkennungsberatung", "05914000"),
    ("sprachmittlung", "Sprachmittlungspool Hagen", "05914000"),
)

AREAS = (
    AreaPlan(
        key=WESEL,
        name="Kreis Wesel",
        towns=WESEL_TOWNS,
        units=(
            UnitPlan("Kommunales Integrationszentrum Kreis Wesel", "ki", None, "dsg_nrw", True, (1, 1, 1, 1)),
            UnitPlan("Stadt Voerde", "town", "05170044", "dsg_nrw", True, (1,)),
            UnitPlan("Stadt Moers", "town", "05170024", "dsg_nrw", True, (1, 1), is_sgb_body=True),
            UnitPlan("Stadt Dinslaken", "town", "05170008", "dsg_nrw", True, (1,)),
            UnitPlan("Caritasverband Moers-Xanten", "welfare", "05170024", "kdg", False, (1, 1)),
            UnitPlan("Diakonisches Werk Dinslaken", "welfare", "05170008", "dsg_ekd", False, (1,)),
        ),
        coordinator_shares=(1, 1, 1, 1, 1, 1, 0.5),
        assistant_share=0.5,
        institutions=_WESEL_INSTITUTIONS,
        weight=0.6,
    ),
    AreaPlan(
        key=HAGEN,
        name="Hagen",
        towns=HAGEN_TOWNS,
        units=(
            UnitPlan("Kommunales Integrationszentrum Hagen", "ki", "05914000", "dsg_nrw", True, (1,) * 6),
            UnitPlan("AWO Hagen-Märkischer Kreis", "welfare", "05914000", "dsg_nrw", False, (1, 1)),
            UnitPlan("Diakonie Mark-Ruhr", "welfare", "05914000", "dsg_ekd", False, (1, 1)),
        ),
        coordinator_shares=(1, 1, 0.5),
        assistant_share=0.5,
        institutions=_HAGEN_INSTITUTIONS,
        component_3=(0.5, 0.5, 0.5),
        weight=0.4,
    ),
)

LAND = AreaPlan(
    key=STATE_AREA,
    name="Land Nordrhein-Westfalen",
    towns={"05111000": "40213 Düsseldorf"},
    units=(
        UnitPlan("Landesweite Koordinierung KIM", "state", None, "dsg_nrw", True, (), has_team_lead=False),
    ),
    coordinator_shares=(),
    assistant_share=0,
    institutions=(),
    weight=0,
)
"""Whoever reads what the areas have published, side by side."""

STAFF_NAMES = (
    "Anja Berger", "Murat Aydin", "Sabine Vogt", "Elena Petrova", "Thomas Reinders", "Fatma Kaya",
    "Julia Hüsken", "Markus Terhorst", "Nadia Haddad", "Birgit Schlüter", "Daniel Krause", "Oksana Melnyk",
    "Stefan Lohmann", "Aylin Demir", "Katrin Westhoff", "Jens Overkamp", "Samira Azizi", "Petra Niehaus",
    "Ralf Dickmann", "Ioana Marin", "Heike Brandt", "Christian Pohl", "Leyla Schmitz", "Andreas Jansen",
    "Ute Kleinert", "Miriam Otten", "Frank Baumeister", "Silke Rademacher", "Tobias Welling", "Gülay Arslan",
    "Martina Hoppe", "Peter Lindner", "Dorothee Esser", "Karim Mansour", "Simone Fischer", "Bernd Tenbrink",
    "Claudia Möllers", "Emre Yildiz", "Renate Schwarz", "Olaf Gerlach", "Inga Feldkamp", "Mehmet Öztürk",
    "Vera Lammers", "Hanna Steinkamp", "Dirk Wolters", "Ewa Nowak", "Lars Kemper", "Monika Bußmann",
    "Jana Horstmann", "Uwe Sander", "Tanja Rösler", "Amir Hosseini", "Gudrun Albers", "Nils Kortmann",
    "Susanne Thiel", "Marco Bianchi", "Lena Hövel", "Kerstin Paulus", "Oliver Nagel", "Selin Korkmaz",
)  # fmt: skip

FURTHER_GIVEN = ("Ina", "Georg", "Meike", "Sven", "Carola", "Henning", "Yvonne", "Volker", "Antje", "Robert")
FURTHER_FAMILY = ("Abel", "Bosch", "Conrads", "Drees", "Evers", "Fromm", "Giesen", "Hartung", "Ingenhoven")
