"""`kim partner ...`: what the client package for partners can do, from a checkout without installing it.

The server does not stand on the package (decision 0283): it is looked for when one of these is called.
"""

import sys
from importlib import import_module
from pathlib import Path

import typer

partner = typer.Typer(no_args_is_help=True, help="For partner institutions, and for who plays one")

_BESIDE = Path(__file__).parents[1] / "openapi" / "clients" / "python" / "src"
_AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True}


@partner.command(context_settings=_AS_GIVEN, add_help_option=False)
def simulate(ctx: typer.Context) -> None:
    """Answer referrals like a real office; `--help` tells the options."""
    if _BESIDE.is_dir() and str(_BESIDE) not in sys.path:
        sys.path.append(str(_BESIDE))
    try:
        command = import_module("kim_partner.simulation.command")
    except ModuleNotFoundError as error:
        typer.echo(f"{error.name} is missing: install openapi/clients/python of a checkout.", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(command.run(["simulate", *ctx.args]))
