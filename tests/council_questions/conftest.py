"""The people who make releases, as in the tests about releases."""

from tests.reporting.conftest import office

__all__ = ["office"]
