"""What must not be found in an answer, by who gets it."""

from tests.isolation.people import FAR, IDENTITIES
from tests.isolation.scene import Scene

OF_THE_TEAM = {"lead", "deputy", "glass"}
WORDS = (
    "Al-Hadi", "Sami", "Markt 1", "Bewerbung", "Notlage", "Haddad", "Antrag gestellt", "47036892816",
    "Befund", "Arztbrief", "Haus Zuflucht", "Karaman",
)  # fmt: skip
"""Content: names, addresses, what was written down."""

IDS = (
    "client", "case", "member", "report", "consent", "draft", "assessment", "goal", "measure", "contact",
    "task", "document", "clients_document", "proposal", "pseudonym", "ended_case", "restricted_case",
    "vacant_case", "restricted_client", "hidden_member", "hidden_guardian", "hidden_dispute",
    "hidden_proposal", "member_pathway", "member_entry",
)  # fmt: skip
"""What would tell one person's things from another's."""

KNOWS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(OF_THE_TEAM, (*WORDS, *IDS)),
    "registrar": (
        "Al-Hadi",
        "Sami",
        "Markt 1",
        "47036892816",
        "Arztbrief",
        "Karaman",
        "clients_document",
        "client",
        "member",
        "consent",
        "case",
        "pseudonym",
    ),
    "guardian": ("Haddad", "restricted_case", "restricted_client"),
    "team_lead": ("case", "ended_case"),
    "partner": ("Al-Hadi", "Markt 1", "Antrag gestellt", "Karaman", "Befund"),
    "machine": ("Al-Hadi", "Markt 1", "Antrag gestellt", "Karaman", "Befund"),
    "other_partner": ("Karaman",),
    "privacy": ("case", "client", "ended_case", "pseudonym", *IDS),
}  # fmt: skip
"""What somebody may find all the same. The privacy officer reads metadata: ids, and no word of content."""

STAYS_HIDDEN = (
    "Haddad", "Haus Zuflucht", "vacant_case", "restricted_case", "restricted_client", "hidden_member",
    "hidden_guardian", "hidden_dispute", "hidden_proposal", "member_pathway", "member_entry",
)  # fmt: skip
"""The restricted person: nobody but their own team, also where they are a member of another's household."""


def leaked(scene: Scene, identity: str, text: str) -> list[str]:
    """Return what an answer tells that its reader must not know."""
    known = set(KNOWS.get(identity, ()))
    if identity in OF_THE_TEAM:
        known -= set(STAYS_HIDDEN)
    found = [word for word in WORDS if word in text and word not in known]
    return found + [name for name in IDS if scene.ids[name] in text and name not in known]


assert set(KNOWS) <= set(IDENTITIES) - set(FAR)
