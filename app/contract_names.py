"""Names of the schemas in the contract, as a program made from it can use them: letters and digits alone.

The framework names what two packages call alike by module, and what is made of something else by both.
"""

import re
from collections.abc import Mapping
from typing import Any

_BY_MODULE = re.compile(r"app__(?:\w+__)?([a-z_]+?)__rules__(\w+)")
_MADE_OF = re.compile(r"([A-Za-z]+)_(?:Literal__\w+___)?([A-Za-z]+)_")


def plain_name(name: str) -> str:
    """Return a state or step by its package, a page by what is on it; any other name as it is.

    Shapes that two packages call alike are not told apart here: they get names of their own, or are one.
    """
    if found := _BY_MODULE.fullmatch(name):
        return "".join(word.capitalize() for word in found[1].split("_")) + found[2]
    if found := _MADE_OF.fullmatch(name):
        return found[2] + found[1]
    return name


def name_plainly(contract: dict[str, Any]) -> None:
    """Give every schema of a contract its plain name, where it stands and wherever something leads to it."""
    schemas = contract["components"]["schemas"]
    names = {name: plain_name(name) for name in schemas}
    contract["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    _lead(
        contract, {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in names.items()}
    )


def _lead(value: Any, anew: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str):
                value[key] = anew.get(each, each)
            else:
                _lead(each, anew)
    elif isinstance(value, list):
        for each in value:
            _lead(each, anew)
