"""`kim release ...`: releases from a terminal, over the API and with the rights of who signs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.server_address import Server

if TYPE_CHECKING:
    from app.imports.command import Office

release = typer.Typer(
    no_args_is_help=True, help="Releases: list them, write their report or workbook to a file"
)

As = Annotated[str, typer.Option("--as", help="e-mail address of the one who reads")]
Password = Annotated[
    str, typer.Option(envvar="KIM_PASSWORD", prompt=True, hide_input=True, hidden=True, show_envvar=False)
]
Area = Annotated[str | None, typer.Option(help="needed by who works in several areas")]
_FORMS = {".pdf": "report", ".xlsx": "workbook"}


@release.command("list")
def list_releases(as_: As, password: Password, server: Server, area: Area = None) -> None:
    """List releases, the newest quarter first; KIM_PASSWORD holds the password, or it is asked for."""
    with signed_in(server, as_, password, area) as office:
        for each in _releases(office):
            typer.echo(f"{each['quarter']}  {each['state']:<10} {each['municipal_area_id']}  {each['id']}")


@release.command("report")
def write_report(
    file: Annotated[Path, typer.Argument(help="a .pdf for the report to the steering group, or an .xlsx")],
    as_: As,
    password: Password,
    server: Server,
    quarter: Annotated[
        str | None, typer.Option(help="such as 2026Q3; the last one that is published when left out")
    ] = None,
    area: Area = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="write over a file that is there")] = False,
) -> None:
    """Write the report or the workbook of a published release to a file."""
    from app.imports.command import CommandFailed

    form = _FORMS.get(file.suffix.lower())
    if form is None:
        raise typer.BadParameter("The file ends in .pdf or .xlsx.")
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already: --force writes over it.")
    with signed_in(server, as_, password, area) as office:
        found = next((each for each in _releases(office) if _is_meant(each, quarter)), None)
        if found is None:
            raise CommandFailed(f"No release is published{f' of {quarter}' if quarter else ''}.")
        answer = office.ask("GET", f"/v1/releases/{found['id']}/{form}", headers={"Accept-Language": "de"})
        try:
            file.write_bytes(answer.content)
        except OSError as error:
            raise CommandFailed(f"{file} cannot be written: {error.strerror}.") from None
        typer.echo(f"{file}: {found['quarter']}, {found['sha256']}")


def _is_meant(each: dict[str, str], quarter: str | None) -> bool:
    return each["state"] == "published" and quarter in (None, each["quarter"])


def _releases(office: "Office") -> Iterator[dict[str, str]]:
    query: dict[str, str] = {"limit": "200"}
    while True:
        page = office.send("GET", "/v1/releases", params=query)
        yield from page["items"]
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


@contextmanager
def signed_in(server: str, email: str, password: str, area: str | None) -> Iterator["Office"]:
    """Sign in, and out again; what stops the command is a sentence and a status of 1."""
    from app.imports.command import CommandFailed, Office

    try:
        office = Office.sign_in(server, email, password, area)
        try:
            yield office
        finally:
            office.close()
    except CommandFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
