"""The rules of the house as functions over a tree, so that each can be shown to catch a planted fault."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "shared", "lib"}


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Yield the Python files below these folders."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def too_long_files(root: Path, *folders: str) -> list[str]:
    return [
        f"{path.relative_to(root)}: {lines} lines"
        for path in python_files(root, *folders)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]


def too_long_functions(root: Path, *folders: str) -> list[str]:
    return [
        f"{path.relative_to(root)}: {node.name}"
        for path in python_files(root, *folders)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def drawers(root: Path, *folders: str) -> list[str]:
    return [
        str(path.relative_to(root))
        for path in python_files(root, *folders)
        if path.stem in DRAWERS or path.parent.name in DRAWERS
    ]


def modules_without_docstring(root: Path, *folders: str) -> list[str]:
    return [
        str(path.relative_to(root))
        for path in python_files(root, *folders)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]


PROBLEMS = {
    "Problem", "NotFound", "Forbidden", "Conflict", "WrongState", "Incomplete", "Gone", "Invalid", "TooMany",
    "Unavailable", "NotSignedIn", "WrongMedia",
}  # fmt: skip
NO_MEMBERS = {"code", "detail", "retry_after"}


def problem_members(root: Path, *folders: str) -> set[str]:
    """Return the names of what problems carry beside their sentence, as far as they are raised by name."""
    return {
        word.arg
        for path in python_files(root, *folders)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PROBLEMS
        for word in node.keywords
        if word.arg and word.arg not in NO_MEMBERS
    }


def importers(root: Path, name: str, *folders: str) -> list[str]:
    """Return the modules that import a top-level package."""
    found = []
    for path in python_files(root, *folders):
        source = path.read_text(encoding="utf-8")
        if name not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            if any(each.split(".")[0] == name for each in names):
                found.append(str(path.relative_to(root)))
                break
    return found


def environment_readers(root: Path, *folders: str) -> list[str]:
    """Return the modules that read the environment themselves."""
    return [
        str(path.relative_to(root))
        for path in python_files(root, *folders)
        if re.search(r"\bos\.environ\b|\bos\.getenv\b", path.read_text(encoding="utf-8"))
    ]


def unfinished(root: Path, *folders: str) -> list[str]:
    """Return the places that promise something for later."""
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    return [
        f"{path.relative_to(root)}:{number}"
        for path in python_files(root, *folders)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]


def ids_without_time(root: Path, *folders: str) -> list[str]:
    """Return where SQL draws an id that does not sort by time; only figures and numbers must not tell it."""
    return [
        f"{path.relative_to(root)}:{number}"
        for folder in folders
        for path in sorted((root / folder).rglob("*.sql"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "gen_random_uuid()" in line and not re.search(r"^--|uuid_send|barrier_figures|bit\(32\)", line)
    ]


def days_of_greenwich(root: Path, *folders: str) -> list[str]:
    """Return the places that take today from the UTC clock: at night the offices are a day ahead."""
    words = re.compile(r"\b(utc_now\(\)|now\(UTC\))\.date\(\)")
    return [
        f"{path.relative_to(root)}:{number}"
        for path in python_files(root, *folders)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]


def weak_tests(root: Path, folder: str) -> list[str]:
    """Return the places where a test skips, expects to fail, or sleeps.

    The embedded server's tests may: what only root can do is said aloud when nobody is root; CI is.
    """
    words = re.compile(
        r"mark\.(skip|xfail)|pytest\.skip\(|importorskip|\btime\.sleep\(|asyncio\.sleep\((?!0\))"
    )
    return [
        f"{path.relative_to(root)}:{number}"
        for path in python_files(root, folder)
        if path.parent.name not in ("house", "embedded")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]


def foreign_traces(text: str) -> list[str]:
    """Return machine paths and addresses of package registries in a text."""
    pattern = (
        r"(?<!\w)/work/|/farm/|/tmp/bash_jobs|\.\./shared|pypi\.org|pythonhosted|registry\.npmjs"
        r"|deb\.debian\.org"
    )
    return re.findall(pattern, text)


def readme_paths(text: str) -> set[str]:
    """Return the paths that a document links to or names in code marks."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    marked = re.findall(r"`((?:app|docs|tests|bench|migrations|openapi|deploy)/[^`*<>{}\s]*)`", text)
    return set(links) | set(marked)
