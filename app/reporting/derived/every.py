"""All derived tables, in the order in which a release tells of them."""

from app.reporting.derived.caseload import CASELOAD
from app.reporting.derived.residents import RATES
from app.reporting.derived.shape import Derived

DERIVED_TABLES: tuple[Derived, ...] = (CASELOAD, *RATES)
