"""Every table that carries a mark of change is something a phone holds, or says why it is not."""

import re
from pathlib import Path
from typing import get_args

from app.models import metadata
from app.work.sync.kinds import BY_NAME, KINDS, NO_KIND, KindName

SQL = Path(__file__).parents[2] / "migrations" / "sql"
MARKED = {name for name, table in metadata.tables.items() if "changed_xid" in table.columns}
HELD = {table for kind in KINDS for table in kind.tables}
WITH_TOMBSTONES = {"contact_drafts", "contacts", "clients", "cases"}
"""Clients and cases through their assignments, which go with them."""


def unnamed(marked: set[str]) -> set[str]:
    """Return the tables that carry a mark and are neither a kind nor named as none."""
    return marked - HELD - NO_KIND.keys()


def deletable(text: str) -> set[str]:
    """Return the tables of which some role may delete rows."""
    granted = re.findall(r"GRANT ([^;]*?\bDELETE\b[^;]*?) ON ([\w, ]+?) TO", text)
    return {table for _, tables in granted for table in re.split(r",\s*", tables)}


def told(text: str) -> set[str]:
    """Return the tables whose changes wake whoever waits."""
    return set(re.findall(r"CALL tell_changes\('(\w+)'", text))


def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")))


def test_every_table_with_a_mark_is_a_kind_or_says_why_not() -> None:
    assert unnamed(MARKED) == set()
    assert NO_KIND.keys() <= MARKED | {"tombstones"}
    assert not NO_KIND.keys() & HELD


def test_table_that_nobody_thought_of_is_noticed() -> None:
    assert unnamed(MARKED | {"prophecies"}) == {"prophecies"}


def test_every_kind_that_can_be_deleted_leaves_a_tombstone() -> None:
    assert deletable(everything()) & HELD == WITH_TOMBSTONES


def test_kind_that_can_be_deleted_without_a_tombstone_is_noticed() -> None:
    text = everything() + "GRANT SELECT, DELETE ON tasks TO kim_app;"
    assert deletable(text) & HELD - WITH_TOMBSTONES == {"tasks"}


def test_every_kind_wakes_whoever_waits() -> None:
    assert told(everything()) >= HELD
    assert not told(everything().replace("CALL tell_changes('goals'", "")) >= HELD


def test_kinds_are_those_of_the_contract() -> None:
    assert set(get_args(KindName)) == set(BY_NAME)


def test_marks_are_looked_up_by_what_a_row_belongs_to() -> None:
    """A table of a case without such an index is read whole by every phone."""
    by_key = {"cases", "case_contents", "clients", "referral_requests", "contact_drafts"}
    by_key |= {"domain_change_items"}  # few, and looked at through the changes of a case
    for name in HELD - by_key:
        columns = [[each.name for each in index.columns] for index in metadata.tables[name].indexes]
        assert any(
            names[-1] == "changed_xid" and names[1] in ("case_id", "client_id") for names in columns
        ), name
