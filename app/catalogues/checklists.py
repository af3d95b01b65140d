"""Checks across the checklists of the pathways: versions that do not overlap, requirements that name a norm.

Reads the rows as they stand in their files; the entries made of them are `source`'s.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from app.catalogues.rows import Row

VERSIONS, REQUIREMENTS, PATHWAYS = "pathway_versions.csv", "pathway_requirements.csv", "pathways.csv"
_NORM = re.compile(r"§ \d+[a-z]? .*\b(StAG|AufenthG)\b.*|§ \d+[a-z]?.* (StAG|AufenthG)")


def check_checklists(rows: Iterable[Row]) -> None:
    """Raise CatalogueError unless every pathway has versions, one at a time, each with its requirements."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.file].append(row)
    _check_versions(found[VERSIONS], [row.text("code") for row in found[PATHWAYS]])
    _check_requirements(found[REQUIREMENTS])
    asked = {row.text("version") for row in found[REQUIREMENTS]}
    for row in found[VERSIONS]:
        if row.text("code") not in asked:
            raise row.fault(f"the version {row.text('code')} has no requirements")
    versioned = {row.text("pathway") for row in found[VERSIONS]}
    for row in found[PATHWAYS]:
        if row.text("code") not in versioned:
            raise row.fault(f"the pathway {row.text('code')} has no version")


def _check_versions(rows: list[Row], pathways: list[str]) -> None:
    last: dict[str, date] = {}
    for row in rows:
        pathway, begin = row.text("pathway"), row.day("valid_from")
        if begin is None:
            raise row.fault("a version says from when it holds")
        if pathway in last and begin <= last[pathway]:
            raise row.fault(f"this version of {pathway} begins before the one above it has ended")
        last[pathway] = row.day("valid_to") or date.max
        for following in row.words("followed_by"):
            if following not in pathways:
                raise row.fault(f"unknown pathway {following!r}")


def _check_requirements(rows: list[Row]) -> None:
    for row in rows:
        expected = f"{row.text('version')}.{row.text('requirement')}"
        if row.text("code") != expected:
            raise row.fault(f"the code is {row.text('code')!r}, but must be {expected!r}")
        if _NORM.fullmatch(row.text("norm")) is None:
            raise row.fault(f"the norm names no paragraph of StAG or AufenthG: {row.text('norm')!r}")
