"""Days held against a birth: nothing that is written of somebody lies before it.

Only whoever sees a client writes of them, so the refusal tells nothing that the asker could not read.
"""

from datetime import date

from app.kit.errors import Invalid

BEFORE_BIRTH = "before_birth"


def lies_before_birth(day: date, birth_date: date | None) -> bool:
    """Tell whether somebody was surely not born yet on a day; of a birth that is not known nothing is sure.

    Where month or year alone are known their first day stands for the birth (`birth_fits`), the earliest one.
    """
    return birth_date is not None and day < birth_date


def require_born(birth_date: date | None, day: date, place: str) -> None:
    """Raise 422 at this place of the body for a day on which somebody was surely not born yet."""
    if lies_before_birth(day, birth_date):
        raise Invalid.at(place, BEFORE_BIRTH, "This lies before the birth of whom it is about.")
