"""Which form a caller gets who says what they accept."""

import pytest

from app.kit.errors import NotAcceptable
from app.kit.negotiation import wanted

OFFERED = ("application/json", "text/csv", "image/svg+xml", "image/png")


@pytest.mark.parametrize(
    ("accept", "got"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("image/*", "image/svg+xml"),
        ("image/*, image/svg+xml;q=0.5", "image/png"),
        ("image/svg+xml;q=0, image/*;q=0.1", "image/png"),
        ("application/json;q=0.2, image/png;q=0.9", "image/png"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv; header=present", "text/csv"),
        ("nonsense", "application/json"),
        ("text/csv;q=2", "text/csv"),
        (", ,image/png", "image/png"),
    ],
)
def test_form_is_the_one_that_weighs_most(accept: str, got: str) -> None:
    assert wanted(accept, OFFERED) == got


@pytest.mark.parametrize("accept", ["application/pdf", "text/html, application/pdf;q=0.4", "*/*;q=0"])
def test_form_that_is_not_there_is_refused_with_those_that_are(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        wanted(accept, OFFERED)
    assert refused.value.members["offered"] == list(OFFERED)
