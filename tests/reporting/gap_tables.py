"""Tables of needs and offers as a release freezes them, with a case of every gap. Pure."""

from typing import Any

TOPICS = ("debts", "health", "housing", "language", "work")
MOERS, WESEL, HAMMINKELN = "05170024", "05170048", "05170012"
BOTH = f"region:{HAMMINKELN}+{WESEL}"
TOLD = ("unit", "source", "method", "note")


def frozen(name: str, dimensions: dict[str, list[str]], cells: dict[tuple[str, ...], int | None]) -> Any:
    """Return a table as a release freezes it; a place that is not named is zero."""
    texts = dict.fromkeys(("title", "definition", *TOLD), "Text")
    places: list[tuple[str, ...]] = [()]
    for codes in dimensions.values():
        places = [(*place, code) for place in places for code in ("total", *codes)]
    told = {place: cells.get(place, 0) for place in places}
    return {
        **texts, "name": name, "municipal_area_id": "KIM-X", "thresholds": None,
        "dimensions": [
            {"name": dimension, "title": dimension, "codes": [
                {"code": code, "label": code.title(), "parent": None} for code in ("total", *codes)
            ]}
            for dimension, codes in dimensions.items()
        ],
        "cells": [
            {"codes": list(place), "value": value,
             "status": "suppressed" if value is None else "published" if value else "zero"}
            for place, value in told.items()
        ],
    }  # fmt: skip


def with_untold(table: Any, *places: tuple[str, ...]) -> Any:
    """Return a table of free places in which no offer of these places told any."""
    nothing = {"status": "not_collected", "value": None}
    cells = [{**each, **nothing} if tuple(each["codes"]) in places else each for each in table["cells"]]
    return {**table, "cells": cells}


NEEDS = frozen(
    "needs_by_topic", {"life_domain": list(TOPICS)},
    {("total",): 90, ("debts",): 12, ("housing",): 30, ("language",): 20, ("work",): 28, ("health",): None},
)  # fmt: skip
REGIONS = frozen(
    "needs_by_topic_and_region", {"life_domain": list(TOPICS), "region": [f"region:{MOERS}", BOTH]},
    {("language", f"region:{MOERS}"): 15, ("language", BOTH): 5, ("debts", f"region:{MOERS}"): None,
     ("debts", BOTH): None, ("work", BOTH): 28},
)  # fmt: skip
ROOMS = frozen(
    "offers_by_topic", {"life_domain": list(TOPICS), "room": ["free", "full", "not_told"]},
    {("language", "total"): 3, ("language", "free"): 2, ("language", "full"): 1,
     ("work", "total"): 2, ("work", "free"): 1, ("work", "not_told"): 1,
     ("debts", "total"): 1, ("debts", "full"): 1, ("health", "total"): 1, ("health", "free"): 1},
)  # fmt: skip
PLACES = frozen(
    "free_places_by_topic", {"life_domain": list(TOPICS)},
    {("language",): 9, ("work",): 3, ("health",): 4},
)  # fmt: skip
IN_TOWNS = frozen(
    "offers_by_topic_and_town", {"life_domain": list(TOPICS), "town": [MOERS, "several_towns", "area_wide"]},
    {("language", MOERS): 2, ("language", "several_towns"): 1, ("work", MOERS): 2, ("debts", MOERS): 1,
     ("health", "area_wide"): 1},
)  # fmt: skip
FREE = frozen(
    "free_places_by_topic_and_town", {"life_domain": list(TOPICS), "town": [MOERS, "several_towns"]},
    {("language", MOERS): 2, ("language", "several_towns"): 7, ("work", MOERS): 3},
)  # fmt: skip
OFFERS = (ROOMS, PLACES, IN_TOWNS, FREE)


def release(*tables: Any, quarter: str = "2025Q2", language: str = "en") -> dict[str, Any]:
    content = {"area": "Kreis Wesel"}
    return {
        "language": language,
        "quarter": quarter,
        "sha256": "0" * 64,
        "content": content,
        "tables": tables,
    }
