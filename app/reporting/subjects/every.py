"""All subjects, in the order in which a release tells of them."""

from app.protection import Key
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.reporting.subjects.authority_figures import AUTHORITY_FIGURES
from app.reporting.subjects.closed_cases import CLOSED_CASES
from app.reporting.subjects.domain_changes import DOMAIN_CHANGES
from app.reporting.subjects.inquiries import INQUIRIES
from app.reporting.subjects.interpreting import INTERPRETING
from app.reporting.subjects.life_domains import GOALS, LIFE_DOMAINS
from app.reporting.subjects.needs import NEEDS
from app.reporting.subjects.open_cases import OPEN_CASES
from app.reporting.subjects.referrals import REFERRALS
from app.reporting.subjects.school_waiting import SCHOOL_WAITING
from app.reporting.subjects.subject import Subject
from app.reporting.subjects.waiting_list import WAITING_LIST

SUBJECTS: tuple[Subject, ...] = (
    ACTIVE_CLIENTS,
    INQUIRIES,
    WAITING_LIST,
    OPEN_CASES,
    CLOSED_CASES,
    REFERRALS,
    DOMAIN_CHANGES,
    AUTHORITY_FIGURES,
    SCHOOL_WAITING,
    INTERPRETING,
    GOALS,
    LIFE_DOMAINS,
    NEEDS,
)


def is_beside(key: Key) -> bool:
    """Tell whether a cell belongs to one of the subjects rather than to barrier cases."""
    return any(subject.owns(key) for subject in SUBJECTS)
