"""The people who make releases, as in the tests about releases."""

from tests.reporting.conftest import office, reporting_database

__all__ = ["office", "reporting_database"]
