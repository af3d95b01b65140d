"""Passwords of roles are made once, kept privately, and the same for all who ask."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError, RoleSecrets


@pytest.fixture
def secrets(private: Path) -> RoleSecrets:
    """Secrets of nobody yet."""
    return RoleSecrets(private / "secrets.json")


def test_password_stays_the_same(secrets: RoleSecrets):
    first = secrets.password("kim_app")

    assert len(first) >= 43
    assert RoleSecrets(secrets.path).passwords(["kim_app", "kim_worker"])["kim_app"] == first


def test_each_role_has_its_own_password(secrets: RoleSecrets):
    assert len(set(secrets.passwords(["kim_app", "kim_worker", "kim_backup"]).values())) == 3


def test_file_is_private_whatever_the_umask(secrets: RoleSecrets):
    old = os.umask(0)
    try:
        secrets.password("kim_app")
    finally:
        os.umask(old)
    assert stat.S_IMODE(secrets.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602])
def test_file_that_was_open_to_others_is_refused(secrets: RoleSecrets, mode: int):
    secrets.password("kim_app")
    secrets.path.chmod(mode)
    with pytest.raises(EmbeddedServerError, match="others may know"):
        secrets.password("kim_app")


def test_link_is_not_followed(secrets: RoleSecrets):
    (secrets.path.parent / "elsewhere").write_text("{}")
    secrets.path.symlink_to(secrets.path.parent / "elsewhere")
    with pytest.raises(EmbeddedServerError, match="no link"):
        secrets.password("kim_app")


@pytest.mark.parametrize("text", ["{", "[]", '{"kim_app": 1}'])
def test_damaged_file_is_reported_and_kept(secrets: RoleSecrets, text: str):
    secrets.path.write_text(text)
    secrets.path.chmod(0o600)
    with pytest.raises(EmbeddedServerError, match="restore it"):
        secrets.password("kim_app")
    assert secrets.path.read_text() == text


@pytest.mark.parametrize("role", ["", "Kim", "a b", "x" * 64, "a;b", "1a"])
def test_only_plain_roles_have_passwords(secrets: RoleSecrets, role: str):
    with pytest.raises(EmbeddedServerError, match="is no role name"):
        secrets.password(role)
    assert not secrets.path.exists()


def test_all_who_ask_at_once_get_the_same_passwords(secrets: RoleSecrets):
    roles = [f"role_{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda role: (role, RoleSecrets(secrets.path).password(role)), roles * 4))

    assert dict(answers).keys() == set(roles)
    assert len(set(answers)) == len(roles)
    assert json.loads(secrets.path.read_text()) == dict(answers)


def test_interrupted_writing_leaves_the_old_passwords(secrets: RoleSecrets):
    first = secrets.password("kim_app")
    secrets.path.with_name("secrets.json.unfinished").write_text("{")

    assert secrets.passwords(["kim_app", "kim_worker"])["kim_app"] == first


def test_secrets_may_be_asked_before_the_first_start(home: Path, programs: Path):
    server = EmbeddedServer(home, programs, durable=False)
    before = server.secrets.password("kim_app")
    with server:
        assert server.secrets.password("kim_app") == before
