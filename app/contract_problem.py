"""Problem details (RFC 9457) as the contract describes them, with what single codes tell besides."""

from typing import Any


def _ids(description: str) -> dict[str, Any]:
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}}
    return {**ids, "description": description}


PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable; `detail` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "One place that is refused, without anything that was sent.",
                "properties": {
                    "place": {
                        "type": "string",
                        "description": "body, query, path or header, then the names and positions inside",
                    },
                    "kind": {"type": "string", "description": "stable, for programs"},
                    "message": {"type": "string", "description": "what is expected, for people"},
                },
                "required": ["place", "kind", "message"],
            },
        },
        "error": {
            "type": "string",
            "description": "At the token endpoint: the `code`, as RFC 6749 calls it.",
        },
        "error_description": {"type": "string", "description": "At the token endpoint: the `detail`."},
        "missing": {"type": "array", "items": {"type": "string"}},
        "needs": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "One missing thing, and the operation with the place that supplies it.",
                "properties": {
                    name: {"type": "string"} for name in ("missing", "message", "operation", "place")
                },
                "required": ["missing", "message", "operation", "place"],
            },
        },
        "stopped_by": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With `duty_not_permitted`: the questions whose answers stand against it.",
        },
        "allowed": {"type": "array", "items": {"type": "string"}},
        "why": {"type": "string", "description": "With `offer_not_open`: what the offer is now."},
        "state": {"type": "string"},
        "clients": _ids("With `possible_duplicate`: persons whom the caller sees."),
        "periods": _ids("With `overlap`: the periods that are in the way."),
        "task": {"type": "string", "format": "uuid", "description": "With `has_task`: the task."},
        "case_id": {
            "type": "string",
            "format": "uuid",
            "description": "With `counselling_runs`.",
        },
        "transfer_id": {"type": "string", "format": "uuid", "description": "With `transfer_under_way`."},
        "collisions": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string", "format": "uuid"}},
            "description": "With `collisions_undecided`: pairs of periods of which one is believed.",
        },
        "guardians": _ids("With `is_guardian`: who decides as this member of the household."),
        "merges": _ids("With `merged_since`: the merges that are undone before."),
        "obstacles": {"type": "array", "items": {"type": "string"}, "description": "With `not_mergeable`."},
        "withdrawn_at": {
            "type": "string",
            "format": "date-time",
            "description": "With `withdrawn_since`: when the client said so.",
        },
        "passages": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "A passage that identifies: offsets in Unicode code points (an emoji is one,"
                " in JavaScript two) of the text without spaces around it, the end not included.",
                "properties": {
                    "place": {"type": "string", "description": "With `text_identifies`: the field."},
                    "start": {"type": "integer"},
                    "end": {"type": "integer"},
                    "kind": {"type": "string"},
                },
                "required": ["start", "end", "kind"],
            },
        },
        "scope": {
            "type": ["string", "null"],
            "description": "With `scope_missing`: the scope that opens it; null: none does.",
        },
        "offered": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With `not_acceptable`: the media types of this address.",
        },
        "category": {"type": "string", "description": "With `category_not_allowed`: the first of them."},
        "areas": {"type": "array", "items": {"type": "string"}, "description": "With `area_needed`."},
        "roles": {"type": "array", "items": {"type": "string"}},
        "followed_by": {"type": "array", "items": {"type": "string"}},
        "bad": {"type": "integer", "description": "With `rows_hinder`: how many rows are bad."},
        "duplicate": {"type": "integer", "description": "With `rows_hinder`: how many wait for a decision."},
        "constraint": {"type": ["string", "null"], "description": "Which rule of the database was broken."},
        "current_version": {"type": "integer", "description": "With 412: the version that stands there now."},
        "current": {
            "description": "With 412: what the address, or the nearest one above it, shows now; null where "
            "that cannot be read at this moment.",
        },
    },
    "required": ["type", "title", "status", "code"],
    "additionalProperties": True,
}
