"""A strict reader of iCalendar (RFC 5545): what a calendar program could stumble over is an error."""

import re

_NAME = re.compile(r"[A-Z0-9-]+((?:;[A-Z0-9-]+=[^;:,\"\x00-\x1f]+)*)", re.ASCII)
_DAY, _MOMENT = re.compile(r"\d{8}", re.ASCII), re.compile(r"\d{8}T\d{6}Z", re.ASCII)
_ONCE = ("UID", "DTSTAMP", "DTSTART")

Event = dict[str, str]


class Broken(ValueError):
    """The document is not what RFC 5545 asks for."""


def read(document: bytes) -> list[Event]:
    """Return the events by property; raise `Broken` for anything that is not quite right."""
    if not document.endswith(b"\r\n") or b"\n" in document.replace(b"\r\n", b""):
        raise Broken("lines end with CRLF")
    for piece in document.split(b"\r\n"):
        if len(piece) > 75:
            raise Broken("a line is longer than 75 octets")
        piece.decode()
    lines = document.decode().replace("\r\n ", "").split("\r\n")[:-1]
    events, components = _components([_parts(line) for line in lines])
    if lines[0] != "BEGIN:VCALENDAR" or lines[-1] != "END:VCALENDAR" or not components:
        raise Broken("a calendar has at least one component")
    if {"VERSION:2.0"} - set(lines) or not any(line.startswith("PRODID:") for line in lines):
        raise Broken("version or product is missing")
    if len({event["UID"] for event in events}) != len(events):
        raise Broken("two events have one name")
    return events


def _parts(line: str) -> tuple[str, str, str]:
    head, colon, value = line.partition(":")
    name = head.partition(";")[0]
    if not colon or not _NAME.fullmatch(head):
        raise Broken(f"not a property: {head}")
    if any(ord(sign) < 32 and sign != "\t" for sign in value):
        raise Broken("a control character")
    return name, head[len(name) :], value


def _components(lines: list[tuple[str, str, str]]) -> tuple[list[Event], int]:
    stack: list[str] = []
    events: list[Event] = []
    components = 0
    for name, parameters, value in lines:
        if name == "BEGIN":
            stack.append(value)
            components += len(stack) == 2
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            if not stack or stack.pop() != value:
                raise Broken("components overlap")
            if value == "VEVENT":
                _check(events[-1])
        elif stack and stack[-1] == "VEVENT":
            if name in events[-1]:
                raise Broken(f"{name} comes twice")
            events[-1][name] = value
            _check_time(name, parameters, value)
    if stack:
        raise Broken("a component is not ended")
    return events, components


def _check(event: Event) -> None:
    if missing := [name for name in _ONCE if name not in event]:
        raise Broken(f"missing: {missing}")
    if "DTEND" in event and event["DTEND"] <= event["DTSTART"]:
        raise Broken("it ends before it begins")
    if re.search(r"(?<!\\)[;,]", event.get("SUMMARY", "")):
        raise Broken("text is not escaped")


def _check_time(name: str, parameters: str, value: str) -> None:
    if name in ("DTSTAMP", "LAST-MODIFIED") and not _MOMENT.fullmatch(value):
        raise Broken(f"{name} is no moment in UTC")
    if name in ("DTSTART", "DTEND"):
        form = _DAY if parameters == ";VALUE=DATE" else _MOMENT
        if not form.fullmatch(value):
            raise Broken(f"{name} is no time")
