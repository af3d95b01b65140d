"""What is released, and what stands beside releases: one table of the catalogue, for its pictures."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.reporting.frozen import stated, table

OF_RELEASE = "categories_by_quarter"
TEXTS = {
    **dict.fromkeys(("json_de", "json_en"), json.dumps(table(OF_RELEASE))),
    **dict.fromkeys(("csv_de", "csv_en"), ""),
}
CONTENT = {
    **dict.fromkeys(("content_de", "content_en"), stated(OF_RELEASE)),
    "sha256": "0" * 64,
}


def release_rows(
    ids: dict[str, str], people: dict[str, Any], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return a published and a requested release, and what cites, explains and pays."""
    release = {"release_id": ids["release"], "name": OF_RELEASE}
    times = {"requested_at": at, "computed_at": at, "published_at": at}
    by = {"requested_by": people["coordinator"].user_id, "published_by": uuid4()}
    row = {"version": 1, "created_at": at, "changed_at": at, "changed_xid": 1}
    return {
        "releases": [
            {"id": ids["release"], "quarter": "2025Q4", "state": "published", "version": 1, "created_at": at,
             "changed_at": at, "changed_xid": 1, **CONTENT, **times, **by},
            {"id": ids["requested_release"], "quarter": "2026Q1", "state": "requested", "version": 1,
             "requested_by": people["coordinator"].user_id, "requested_at": at, "created_at": at,
             "changed_at": at, "changed_xid": 1},
        ],
        "release_cells": [
            {"release_id": ids["release"], "table_name": "t", "position": 1, "key": "k", "codes": ["C"],
             "status": "published", "value": 9, "persons_status": "published", "persons": 9},
        ],
        "release_tables": [{**release, "is_public": True, **TEXTS}],
        "ledger": [{"year": 2025, "key": "k", "release_id": ids["release"], "value": 9, "persons": 9}],
        "published_releases": [
            {"id": ids["release"], "quarter": "2025Q4", "version": 1, "published_at": at, **CONTENT},
        ],
        "published_tables": [{**release, **TEXTS}],
        "populations": [
            {"id": ids["population"], "stated_on": at.date(), "source": "x", "licence": "x", "residents": 9,
             "figures": [["05170044", "eu", None, 9]], "imported_by": people["assistant"].user_id, **row},
        ],
        "cooperation_contracts": [
            {"id": ids["contract"], "unit_id": ids["unit"], "year": 2025, "reference": "x",
             "concluded_on": at.date(), "forwarded_cents": 9, "own_share_cents": 9, "deficit_cents": 9,
             "entered_by": people["assistant"].user_id, **row},
        ],
        "council_questions": [
            {"id": ids["council_question"], "number": "1", "state": "answered", "answered_at": at,
             "answered_by": people["coordinator"].user_id, "sha256": "0" * 64, **_asked(people, at), **row},
            {"id": ids["council_draft"], "number": "2", "state": "draft", **_asked(people, at), **row},
        ],
        "council_citations": [
            {"question_id": ids[name], "release_id": ids["release"], "table_name": OF_RELEASE, "sha256": "0"}
            for name in ("council_question", "council_draft")
        ],
    }  # fmt: skip


def _asked(people: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "asked_by": "Rat", "asked_on": at.date(), "question": "Wie oft?", "answer": "Oft.",
        "created_by": people["coordinator"].user_id,
    }  # fmt: skip
