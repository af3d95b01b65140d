"""The rules of the house hold, and each of them would notice."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.access.permissions import Permission
from app.access.policy import POLICY
from app.access.roles import Role
from app.contract import operations
from app.kit.lock_check import refuse_unsafe
from tests.house import rules

ROOT = Path(__file__).parents[2]

CHECKS: list[tuple[Callable[..., list[str]], tuple[str, ...], str, str]] = [
    (rules.too_long_files, ("app", "tests", "bench", "migrations"), "app/long.py", "x = 1\n" * 301),
    (rules.too_long_functions, ("app", "bench"), "app/long.py", "def f():\n" + "    x = 1\n" * 61),
    (rules.drawers, ("app", "tests", "bench"), "app/helpers.py", ""),
    (rules.drawers, ("app",), "app/common/thing.py", ""),
    (rules.modules_without_docstring, ("app", "migrations", "bench"), "app/silent.py", "x = 1\n"),
    (rules.unfinished, ("app", "migrations", "bench"), "app/later.py", "# TO" + "DO: later\n"),
    (rules.days_of_greenwich, ("app", "tests", "bench"), "app/early.py", "today = utc_now()" + ".date()\n"),
    (rules.ids_without_time, ("migrations",), "migrations/x.sql", "SELECT gen_random_uuid();\n"),
    (rules.weak_tests, ("tests",), "tests/weak/test_x.py", "import time\ntime.sleep" + "(1)\n"),
]


@pytest.mark.parametrize(("check", "folders", "path", "fault"), CHECKS)
def test_rule_of_the_house_holds(check, folders, path, fault) -> None:
    assert check(ROOT, *folders) == []


@pytest.mark.parametrize(("check", "folders", "path", "fault"), CHECKS)
def test_rule_of_the_house_notices_a_planted_fault(check, folders, path, fault, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(fault)
    assert len(check(tmp_path, *folders)) == 1


def test_dangerous_libraries_are_imported_in_one_place_each() -> None:
    assert rules.importers(ROOT, "jose", "app") == ["app/identity/tokens.py"]
    assert rules.importers(ROOT, "passlib", "app") == ["app/identity/passwords.py"]
    assert rules.importers(ROOT, "ecdsa", "app") == []


def test_second_importer_of_a_dangerous_library_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "sly.py").write_text("def f():\n    from jose import jwt\n")
    assert rules.importers(tmp_path, "jose", "app") == ["app/sly.py"]


def test_contract_says_what_problems_carry(app) -> None:
    said = app.openapi()["components"]["schemas"]["Problem"]["properties"].keys()
    assert rules.problem_members(ROOT, "app") - said == set()


def test_member_of_a_problem_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "raising.py").write_text('raise Conflict("No.", code="no", surprise=1)\n')
    assert rules.problem_members(tmp_path, "app") == {"surprise"}


def test_only_settings_and_the_command_read_the_environment() -> None:
    allowed = {"app/cli.py", "app/settings.py", "app/demo/run.py"}
    readers = [each for each in rules.environment_readers(ROOT, "app") if "/embedded/" not in each]
    assert set(readers) <= allowed


def test_reader_of_the_environment_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "sly.py").write_text("import os\nx = os.environ['X']\n")
    assert rules.environment_readers(tmp_path, "app") == ["app/sly.py"]


def lint_imports(config: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(config), "--no-cache"]
    return subprocess.run(command, cwd=config.parent, capture_output=True, text=True, check=False)


def test_imports_go_down_the_order_of_packages() -> None:
    result = lint_imports(ROOT / "pyproject.toml")
    assert result.returncode == 0, result.stdout


def test_import_back_up_is_noticed(tmp_path: Path) -> None:
    for package in ("kit", "cases"):
        (tmp_path / "app" / package).mkdir(parents=True)
        (tmp_path / "app" / package / "__init__.py").write_text("")
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "kit" / "sly.py").write_text("import app.cases\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["app"]\n[[tool.importlinter.contracts]]\n'
        'name = "down"\ntype = "layers"\nlayers = ["app.cases", "app.kit"]\n'
    )
    assert lint_imports(tmp_path / "pyproject.toml").returncode == 1


def test_every_package_stands_in_the_order() -> None:
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    ordered = {name.removeprefix("app.") for name in contracts[0]["layers"]}
    present = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert present - ordered - {"__init__", "__pycache__"} == set()


def plain_dependencies(route: APIRoute) -> list[str]:
    """Return the dependencies that are plain functions: each would cost a hop to a thread."""
    import inspect

    found, waiting = [], list(route.dependant.dependencies)
    while waiting:
        dependency = waiting.pop()
        waiting += dependency.dependencies
        call = dependency.call
        if not (inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call)):
            found.append(getattr(call, "__name__", str(call)))
    return found


def test_no_endpoint_or_dependency_is_a_plain_function(app) -> None:
    import inspect

    for _, path, route, _ in operations(app):
        assert inspect.iscoroutinefunction(route.endpoint), path
        assert plain_dependencies(route) == [], path


def test_plain_dependency_is_noticed() -> None:
    from fastapi import APIRouter, Depends

    router = APIRouter()
    router.add_api_route("/x", lambda: None, dependencies=[Depends(lambda: 1)])
    assert plain_dependencies(router.routes[0]) == ["<lambda>"]


def test_every_operation_names_a_permission(app) -> None:
    public = {path for _, path, _, permission in operations(app) if permission == "public"}
    nameless = [path for _, path, _, permission in operations(app) if permission is None]
    assert nameless == []
    assert public <= {
        "/v1/sessions", "/v1/sessions/refresh", "/v1/keys", "/v1/calendar/{secret}.ics", "/v1/oauth/token",
        "/v1/invitations/accept",
    }  # fmt: skip


def test_every_permission_is_used_and_every_role_can_do_something(app) -> None:
    used = {permission for _, _, _, permission in operations(app)}
    assert {str(permission) for permission in Permission} - used == set()
    assert set(POLICY) == set(Permission)
    assert set(Role) == {role for rule in POLICY.values() for role in rule.roles}


def test_operation_ids_are_the_names_of_the_functions(app) -> None:
    names = [route.endpoint.__name__ for _, _, route, _ in operations(app)]
    assert sorted(names) == sorted(set(names))


async def test_every_table_with_personal_data_is_under_forced_policies(app) -> None:
    await refuse_unsafe(app.state.gate.database)


DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    bases = (document.parent, ROOT)
    missing = {path for path in rules.readme_paths(text) if not any((base / path).exists() for base in bases)}
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_a_document_names_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))
    assert named <= targets


def test_missing_path_is_noticed() -> None:
    assert rules.readme_paths("see `docs/nowhere.md` and [x](gone.md)") == {"docs/nowhere.md", "gone.md"}


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_no_file_holds_a_trace_of_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name and "tests/house" not in name]
    found = {}
    for path in paths:
        if path.is_file() and path.suffix not in {".png", ".pdf"}:
            traces = rules.foreign_traces(path.read_text(encoding="utf-8", errors="replace"))
            if traces:
                found[path.name] = traces
    assert found == {}


def test_path_of_a_machine_is_noticed_and_the_package_of_that_name_is_none() -> None:
    assert rules.foreign_traces("see /" + "work/main and `/" + "work/x`") == ["/" + "work/"] * 2
    assert rules.foreign_traces("see app/work/router.py") == []


def test_trace_of_a_registry_is_noticed() -> None:
    assert rules.foreign_traces("--index-url https://" + "pypi.org/simple")
