"""`kim state ...`: exports to a state-wide database from a terminal, over the API, as an administrator."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.release_commands import Area, As, Password, signed_in
from app.server_address import Server

if TYPE_CHECKING:
    from app.imports.command import Office

state = typer.Typer(no_args_is_help=True, help="Exports to a state-wide database, by consent")


@state.callback()
def _together() -> None:
    """Keep `export` a command of its own."""


@state.command("export")
def export(
    unit: Annotated[str, typer.Option(help="id of the unit whose cases are meant")],
    recipient: Annotated[str, typer.Option(help="id of the institution with the database")],
    quarter: Annotated[str, typer.Option(help="such as 2026Q3; it has ended")],
    as_: As,
    password: Password,
    server: Server,
    area: Area = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would leave, and put it aside")
    ] = False,
    wait_seconds: Annotated[int, typer.Option(min=0, max=3600, help="how long the worker may take")] = 120,
) -> None:
    """Ask what would leave. Nothing leaves before a team lead of the unit releases it."""
    from app.imports.command import CommandFailed

    with signed_in(server, as_, password, area) as office:
        body = {"unit_id": unit, "institution_id": recipient, "quarter": quarter}
        asked = office.send("POST", "/v1/state-exports", json=body)
        found = _looked_at(office, asked["id"], wait_seconds)
        if found["state"] == "requested":
            raise CommandFailed(f"{found['id']}: the worker has not looked yet. Read it again later.")
        for line in _told(found):
            typer.echo(line)
        if dry_run and found["state"] == "checked":
            office.send("POST", f"/v1/state-exports/{found['id']}/discard")
            typer.echo("Put aside: nothing leaves.")
        elif found["state"] == "checked":
            typer.echo(f"{found['id']} waits until a team lead of the unit releases it.")


def _looked_at(office: "Office", export_id: str, wait_seconds: int) -> dict[str, Any]:
    """Return the export once the worker has looked, or as it is when the time is over."""
    until = time.monotonic() + wait_seconds
    while True:
        found = office.send("GET", f"/v1/state-exports/{export_id}")
        if found["state"] != "requested" or time.monotonic() >= until:
            return found
        time.sleep(1)


def _told(found: dict[str, Any]) -> list[str]:
    """Return what a dry run says, one line each, the German label of each code beside it."""
    refused = [f"refused: {_labelled(found['refusal'])}"] if found["refusal"] is not None else []
    if found["dry_run"] is None:
        return refused
    dry_run = found["dry_run"]
    what = f"{dry_run['profile']}, {found['quarter']}"
    if dry_run["withdrawals_only"]:
        return [what, "withdrawals alone, since the recipient has this quarter; nothing is counted"]
    lines = [
        what,
        f"computed {found['dry_run_at']}, and not anew before {found['dry_run_until']}",
    ]
    lines += [f"{_labelled(name)}: {_band(dry_run[name])}" for name in ("persons", "withdrawals")]
    lines += [f"left out, {_labelled(reason)}: {_band(band)}" for reason, band in dry_run["left_out"].items()]
    lines += [
        f"share all that tells them apart with fewer than {each['fewer_than']}: {_band(each['persons'])}"
        for each in dry_run["stand_out"]
    ]
    return [*lines, *refused]


def _labelled(code: str) -> str:
    """Return a code and what it is called in German; of one that a newer server knows, the code alone."""
    from app.state_exports.rules import LABELS

    return f"{code} ({LABELS[code]})" if code in LABELS else code


def _band(band: dict[str, int | None]) -> str:
    return (
        f"{band['at_least']} or more"
        if band["at_most"] is None
        else f"{band['at_least']} to {band['at_most']}"
    )
