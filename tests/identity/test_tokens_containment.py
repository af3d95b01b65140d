"""jose and passlib stay contained, ecdsa is never loaded, and libpass alone provides passlib."""

import ast
import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.identity.token_forgery import private_pem

ROOT = Path(__file__).parents[2]


def modules_importing(package: str, root: Path) -> set[str]:
    """Return the files under a folder that import a package in any way, by statement or by name."""
    sources = ((path, path.read_text("utf-8")) for path in root.rglob("*.py"))
    return {
        path.relative_to(root).as_posix()
        for path, source in sources
        if package in source and any(names(node, package) for node in ast.walk(ast.parse(source)))
    }


def names(node: ast.AST, package: str) -> bool:
    match node:
        case ast.Import():
            modules = [alias.name for alias in node.names]
        case ast.ImportFrom(level=0, module=str(module)):
            modules = [module]
        case ast.Call(args=[ast.Constant(value=str(text)), *_]):
            modules = [text]
        case _:
            modules = []
    return any(module.split(".")[0] == package for module in modules)


@pytest.mark.asvs("15.2.5")
@pytest.mark.parametrize(
    ("package", "module"), [("jose", "identity/tokens.py"), ("passlib", "identity/passwords.py")]
)
def test_exactly_one_module_imports_it(package: str, module: str) -> None:
    assert modules_importing(package, ROOT / "app") == {module}


@pytest.mark.parametrize(
    "line",
    [
        "import jose",
        "import os, jose.jwt as tokens",
        "from jose import jwt",
        "def f():\n    from jose.backends import base",
        "import importlib; importlib.import_module('jose.jwt')",
        "__import__('jose')",
    ],
)
def test_a_second_import_anywhere_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "planted.py").write_text(line)
    (tmp_path / "innocent.py").write_text("import joserfc\nfrom .jose import x\njose = 'jose'\n")
    assert modules_importing("jose", tmp_path) == {"deep/planted.py"}


USE_EVERYTHING = """
import json, sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from app.identity import passwords, tokens

ring = tokens.KeyRing(tokens.load_key(sys.stdin.read()))
now = datetime.now(UTC)
parties = {"issuer": "i", "audience": "a", "now": now}
token = tokens.issue(ring, subject=uuid4(), session_id=uuid4(), lifetime=timedelta(minutes=5), **parties)
tokens.verify(ring, token, **parties)
try:
    tokens.verify(ring, token[:-1] + "!", **parties)
except tokens.InvalidToken:
    pass
import asyncio
asyncio.run(passwords.hash_password("a passphrase of some length"))
print(json.dumps(sorted(sys.modules)))
"""


def loaded_modules(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=private_pem(),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.asvs("15.2.5")
def test_neither_ecdsa_nor_rsa_is_ever_loaded() -> None:
    loaded = loaded_modules(USE_EVERYTHING)
    assert "jose.backends.cryptography_backend" in loaded
    assert not loaded & {
        "ecdsa",
        "rsa",
        "jose.backends.ecdsa_backend",
        "jose.backends.rsa_backend",
        "jose.jwe",
    }


def test_a_loaded_ecdsa_would_be_seen() -> None:
    assert "ecdsa" in loaded_modules("import jose.backends.ecdsa_backend\n" + USE_EVERYTHING)


def test_the_maintained_fork_alone_provides_passlib() -> None:
    assert set(packages_distributions()["passlib"]) == {"libpass"}


def test_the_abandoned_passlib_beside_it_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "passlib-1.7.4.dist-info"
    planted.mkdir()
    (planted / "METADATA").write_text("Metadata-Version: 2.1\nName: passlib\nVersion: 1.7.4\n")
    (planted / "top_level.txt").write_text("passlib\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert set(packages_distributions()["passlib"]) == {"libpass", "passlib"}
