"""What the objects of a PDF do, asked of each one that qpdf reads, listed by the file or not.

Written out by qpdf a name has one spelling. Most objects hold no name that matters and are done with that;
the others are looked at entry by entry.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from app.documents.inspection.links import is_plain_link
from app.documents.inspection.refusals import Reason, Refused

MOST_NESTED = 200
"""Dictionaries within dictionaries of one object, and actions after actions."""

_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|FileAttachment|RichMedia\w*|XFA|SubmitForm|ImportData|GoToR"
    rb"|GoToE|Rendition|Movie|Sound)(?![A-Za-z0-9])"
)
"""Whatever place they stand at."""
_DOUBTFUL = re.compile(
    rb"/(?:AA|OpenAction|Thread|URI|FFilter)(?![A-Za-z0-9])|/(?:F|UF|DOS|Mac|Unix) (?:[(<]|\d+ \d+ R)"
    rb"|/S \d+ \d+ R"
)
"""Harmless or not by where they stand."""
_FILES = ("/F", "/UF", "/DOS", "/Mac", "/Unix")


def check_objects(read: pikepdf.Pdf) -> None:
    """Raise Refused when an object runs something, holds a file or reaches for one elsewhere."""
    for each in (*read.objects, read.trailer):
        own = each.stream_dict if isinstance(each, Stream) else each
        written = own.unparse(resolved=True) if isinstance(own, pikepdf.Object) else b""
        if _ACTIVE.search(written):
            raise Refused(Reason.ACTIVE)
        if _DOUBTFUL.search(written):
            if isinstance(each, Stream) and isinstance(own.get("/F"), String | Dictionary):
                raise Refused(Reason.ACTIVE)
            for dictionary in _dictionaries(own):
                _check(dictionary)


def _dictionaries(thing: Any) -> Iterator[Dictionary]:
    """Yield the dictionaries of one object; those it refers to are objects of their own."""
    waiting = [(thing, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MOST_NESTED:
            raise Refused(Reason.AMBIGUOUS)
        if isinstance(one, Dictionary):
            yield one
            inner: list[Any] = list(one.values())
        elif isinstance(one, Array):
            inner = list(one)
        else:
            continue
        waiting += [(each, depth + 1) for each in inner if not getattr(each, "is_indirect", False)]


def _check(entries: Dictionary) -> None:
    if any(isinstance(entries.get(key), String) for key in _FILES):
        raise Refused(Reason.ACTIVE)
    action = entries.get("/S")
    if action == Name.Thread:
        raise Refused(Reason.ACTIVE)
    link = entries.get("/URI")
    if isinstance(link, String) and not is_plain_link(str(link)):
        raise Refused(Reason.ACTIVE)
    _check_unasked(entries.get("/OpenAction"))
    triggers = entries.get("/AA")
    if isinstance(triggers, Dictionary):
        for each in list(triggers.values()):
            _check_unasked(each)


def _check_unasked(action: Any) -> None:
    """Let what is done without a click be a jump in the file and nothing else."""
    waiting, seen = [action], 0
    while waiting:
        one, seen = waiting.pop(), seen + 1
        if seen > MOST_NESTED:
            raise Refused(Reason.ACTIVE)
        if not isinstance(one, Dictionary):
            continue
        if one.get("/S", Name.GoTo) != Name.GoTo:
            raise Refused(Reason.ACTIVE)
        after = one.get("/Next")
        waiting += list(after) if isinstance(after, Array) else [after]
