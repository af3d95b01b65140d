"""If-Match: the version that was read, also as a proxy weakens it, and nothing else."""

from dataclasses import dataclass

import pytest

from app.kit.errors import Invalid, VersionStale
from app.kit.versions import Expected
from tests.world import World


@dataclass
class Row:
    version: int = 3


@pytest.mark.parametrize("sent", [None, '"3"', 'W/"3"', ' "3" '])
def test_version_that_was_read_is_accepted(sent: str | None) -> None:
    Expected(sent).check(Row())


@pytest.mark.parametrize("sent", ['"2"', 'W/"4"'])
def test_another_version_is_stale(sent: str) -> None:
    with pytest.raises(VersionStale):
        Expected(sent).check(Row())


@pytest.mark.parametrize("sent", ["*", '"3", "77"', '"abc"', "3", "", '"3', 'w/"3"', '"-1"', '"٣"'])
def test_what_is_no_version_is_refused_with_the_form_that_is_wanted(sent: str) -> None:
    with pytest.raises(Invalid) as refused:
        Expected(sent)
    (error,) = refused.value.members["errors"]
    assert (error["place"], error["kind"]) == ("header.if-match", "no_version")


async def test_over_http_a_star_is_422_and_a_weak_etag_changes(world: World) -> None:
    person = await world.case_manager()
    etag = (await person.get("/v1/me")).headers["ETag"]
    refused = await person.patch("/v1/me", {"language": "en"}, If_Match="*")
    assert (refused.status_code, refused.json()["errors"][0]["place"]) == (422, "header.if-match")
    assert (await person.patch("/v1/me", {"language": "en"}, If_Match=f"W/{etag}")).status_code == 200
