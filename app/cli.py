"""The command `kim`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app import __version__
from app.db_commands import MigrateUrl, db
from app.key_commands import keys
from app.partner_commands import partner
from app.release_commands import release
from app.server_address import Server
from app.state_commands import state

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Settings, WorkerSettings

    Told = TypeVar("Told", bound=WorkerSettings)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Kommunales Integrationsmanagement: backend"
)
users = typer.Typer(no_args_is_help=True, help="People")
docs = typer.Typer(no_args_is_help=True, help="Generated documents, compared in CI")
app.add_typer(db, name="db")
app.add_typer(users, name="users")
app.add_typer(keys, name="keys")
app.add_typer(partner, name="partner")
app.add_typer(release, name="release")
app.add_typer(state, name="state")
app.add_typer(docs, name="docs")

ROOT = Path(__file__).parents[1]
Home = Annotated[Path, typer.Option(help="where the demonstration keeps everything")]


UntilStdinCloses = Annotated[
    bool, typer.Option("--until-stdin-closes", help="end as on SIGTERM when standard input closes")
]


@app.command()
def serve(*, until_stdin_closes: UntilStdinCloses = False) -> None:
    """Serve the API, with health and metrics on the operations port."""
    from app.kit.process import loading, run

    settings = _settings()
    with loading():
        from app.serve import serve_api
    run(serve_api(settings), until_stdin_closes=until_stdin_closes)


@app.command()
def worker(*, until_stdin_closes: UntilStdinCloses = False) -> None:
    """Do the background work: outbox, deadlines, releases, upkeep."""
    from app.kit.process import loading, run
    from app.settings import worker_settings

    settings = _told(worker_settings)
    with loading():
        from app.background import run_worker
    run(run_worker(settings), until_stdin_closes=until_stdin_closes)


@app.command()
def demo(
    clients: Annotated[int, typer.Option(min=100, max=5_000_000, help="how many clients")] = 600,
    seed: Annotated[int, typer.Option(help="the same seed makes the same people")] = 20260801,
    home: Home = Path("var"),
    *,
    reset: Annotated[bool, typer.Option(help="throw the data away and begin anew")] = False,
    only_load: Annotated[bool, typer.Option(help="load the data and stop")] = False,
) -> None:
    """Run everything on this machine with realistic data; ctrl-C stops it."""
    from pydantic import SecretStr

    from app.settings import Settings

    def given() -> Settings:
        # The demonstration has databases and a key of its own; everything else is what the operator sets.
        own = SecretStr("postgresql://demo/kim")
        return Settings(
            database_url=own, worker_database_url=own, reporting_database_url=own, signing_key_file=home
        )

    port = _told(given).port
    from app.demo.run import run_demo

    raise typer.Exit(run_demo(home, port=port, clients=clients, seed=seed, reset=reset, only_load=only_load))


@users.command("create")
def create_user(
    email: Annotated[str, typer.Option()],
    name: Annotated[str, typer.Option()],
    area: Annotated[str, typer.Option(help="key of the municipal area, such as KIM-05170")],
    unit: Annotated[str, typer.Option(help="name of the unit; created when it is new")],
    url: MigrateUrl,
    role: Annotated[str, typer.Option()] = "admin",
) -> None:
    """Create the first person of an area; the password is asked for, or read from a pipe."""
    from app.identity.provision import provision_user

    password = (
        typer.prompt("Password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    )
    asyncio.run(
        provision_user(url, email=email, name=name, area=area, unit=unit, role=role, password=password)
    )


@app.command("import")
def import_sheet(
    as_: Annotated[str, typer.Option("--as", help="e-mail address of the one who imports")],
    server: Server,
    file: Annotated[Path | None, typer.Argument(help="an XLSX or CSV file")] = None,
    kind: Annotated[str, typer.Option(help="clients, households, cases or contacts")] = "clients",
    mapping: Annotated[
        Path | None, typer.Option(help="JSON file: field to heading; without one, the template's headings")
    ] = None,
    area: Annotated[str | None, typer.Option(help="needed by who works in several areas")] = None,
    unit: Annotated[str | None, typer.Option(help="id; needed by who works at several units")] = None,
    go_on: Annotated[
        str | None, typer.Option("--continue", help="id of an import that was interrupted")
    ] = None,
    undo: Annotated[str | None, typer.Option(help="id of an import to be undone")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="read and report, take nothing")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="take the other rows although some are bad or undecided")
    ] = False,
) -> None:
    """Import a sheet over the API as a case manager; KIM_PASSWORD holds the password, or it is asked for."""
    from app.imports.command import CommandFailed, Wanted, run_import

    if sum(each is not None for each in (file, go_on, undo)) != 1:
        raise typer.BadParameter("Name a file, or --continue, or --undo.")
    password = os.environ.get("KIM_PASSWORD") or typer.prompt("Password", hide_input=True)
    wanted = Wanted(file, kind, mapping, unit, go_on, undo, dry_run=dry_run, skip_bad=skip_bad)
    try:
        run_import(server, as_, password, area, wanted)
    except CommandFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def openapi(
    *,
    check: Annotated[
        bool, typer.Option(help="compare with the committed contract instead of writing")
    ] = False,
) -> None:
    """Write the contract to openapi/openapi.json."""
    from app.generated import contract_text

    _write(ROOT / "openapi" / "openapi.json", contract_text(), check=check)


@docs.command("write")
def write_documents(
    *,
    check: Annotated[bool, typer.Option(help="compare with the committed files instead of writing")] = False,
) -> None:
    """Write docs/permissions.md, problems.md and states.md, and the schema of exports to a state database."""
    from app.generated import permissions_text, problems_text, state_database_schema_text, states_text

    _write(ROOT / "docs" / "permissions.md", permissions_text(), check=check)
    _write(ROOT / "docs" / "states.md", states_text(), check=check)
    _write(ROOT / "docs" / "problems.md", problems_text(), check=check)
    _write(ROOT / "openapi" / "state-database-1.schema.json", state_database_schema_text(), check=check)


@app.command()
def version() -> None:
    """Say which version this is."""
    typer.echo(__version__)


def _settings() -> "Settings":
    from app.settings import settings

    return _told(settings)


def _told(read: "Callable[[], Told]") -> "Told":
    """Return the settings, or end with a sentence for each that is missing or wrong; no value is repeated."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.settings import faults

    try:
        return read()
    except (ValidationError, SettingsError) as error:
        for sentence in faults(error):
            typer.echo(sentence, err=True)
        typer.echo("docs/operations.md and .env.example explain every setting.", err=True)
        raise typer.Exit(2) from None


def _write(path: Path, text: str, *, check: bool) -> None:
    if not check:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        typer.echo(f"{path.relative_to(ROOT)} is not what the code says: run `make generate`", err=True)
        raise typer.Exit(1)


def main() -> None:
    """Run the command; what an operator can mend is a sentence, what only we can an error with its place."""
    try:
        app()
    except Exception as error:
        from app.operator_faults import sentence_of

        sentence = sentence_of(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
