"""`kim-partner simulate`: which server, as whom, and how the office is."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from kim_partner.client import Kim
from kim_partner.credentials import Credential, KeyCredential, SecretCredential
from kim_partner.problems import KimError, TooManyRequests, Unavailable, Unreachable
from kim_partner.simulation.courses import Rates
from kim_partner.simulation.office import Office

_FAILED, _MISUSED = 1, 2
_ON_PURPOSE = "--answer-real-referrals-by-chance"


class Misused(Exception):
    """Options that do not go together, or a file that is not there."""


def parser(name: str = "kim-partner") -> argparse.ArgumentParser:
    """Return what reads the command line."""
    whole = argparse.ArgumentParser(prog=name, description="Tools for partners of KIM")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser(
        "simulate",
        help="answer referrals like a real office",
        description="Answer the referrals of an institution like a real office: some at once, some later, "
        "some not at all. For demonstrations only: it decides by chance. ctrl-C ends it.",
    )
    one.add_argument("--card", type=Path, default=Path("var/demo.json"), help="written by the demonstration")
    one.add_argument("--server", help="address of another server, with --client-id and --key-file")
    one.add_argument("--client-id", help="the id of the machine")
    one.add_argument("--key-file", type=Path, help="its private key as PEM")
    one.add_argument(
        _ON_PURPOSE, action="store_true",
        help="needed with --server: what it rejects or never answers there may be about real people",
    )  # fmt: skip
    one.add_argument("--accept", type=float, default=0.6, metavar="SHARE", help="is accepted (0.6)")
    one.add_argument("--reject", type=float, default=0.2, metavar="SHARE", help="is rejected (0.2)")
    one.add_argument("--silent", type=float, default=0.2, metavar="SHARE", help="is not answered (0.2)")
    one.add_argument(
        "--delay-minutes", type=float, default=2.0, help="each thing is done within so many (2); 0: at once"
    )
    one.add_argument(
        "--seed", type=int, default=1, help="the same seed does the same with the same referrals"
    )
    one.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="asks for news so often (5)")
    one.add_argument("--once", action="store_true", help="do what is due now, and end")
    return whole


def run(arguments: Sequence[str], *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Run the command and return its exit status."""
    wanted = parser().parse_args(arguments)
    try:
        rates = Rates(wanted.accept, wanted.reject, wanted.silent, wanted.delay_minutes)
        server, credential, name = _whom(wanted)
        kim = Kim(server, credential)
    except (Misused, ValueError) as error:
        print(f"kim-partner: {error}", file=sys.stderr)
        return _MISUSED
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _interrupted)
    with kim:
        _say(f"Playing {name} at {server}; ctrl-C ends it.")
        office = Office(kim, rates, wanted.seed, say=_say)
        try:
            _work(office, every=wanted.every, once=wanted.once, sleep=sleep)
        except KeyboardInterrupt:
            pass
        except KimError as error:
            print(f"kim-partner: {error}", file=sys.stderr)
            return _FAILED
    _say("Steps: " + (", ".join(f"{n} {step}" for step, n in sorted(office.taken.items())) or "none"))
    return 0


def _work(office: Office, *, every: float, once: bool, sleep: Callable[[float], None]) -> None:
    while True:
        try:
            office.turn()
        except (TooManyRequests, Unreachable, Unavailable) as error:
            if once:
                raise
            _say(f"{error} Asking again.")
        if once:
            return
        sleep(every)


def _whom(wanted: argparse.Namespace) -> tuple[str, Credential, str]:
    """Return the server, who asks, and in whose name. Raises Misused."""
    given = (wanted.server, wanted.client_id, wanted.key_file)
    if any(given):
        if not all(given):
            raise Misused("--server, --client-id and --key-file belong together")
        if not wanted.answer_real_referrals_by_chance:
            raise Misused(
                "Without the card of a demonstration the referrals may be those of real people, and this "
                f"answers by chance. If that is meant, say {_ON_PURPOSE}."
            )
        credential = KeyCredential(wanted.client_id, _text(wanted.key_file, "the key file is missing"))
        return wanted.server, credential, f"machine {wanted.client_id}"
    card = json.loads(_text(wanted.card, "is the demonstration running here?"))
    machine: dict[str, Any] | None = next(iter(card.get("partner_systems", ())), None)
    if machine is None or "base_url" not in card:
        raise Misused(f"{wanted.card} names no machine of an institution")
    name, client_id = str(machine.get("institution", "an institution")), machine["client_id"]
    if "private_key" in machine:
        return card["base_url"], KeyCredential(client_id, machine["private_key"], machine["kid"]), name
    return card["base_url"], SecretCredential(client_id, machine["client_secret"]), name


def _text(path: Path, why: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Misused(f"{path} is not there: {why}") from error
    except OSError as error:
        raise Misused(f"{path} cannot be read: {error.strerror}") from error


def _say(sentence: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}Z  {sentence}", flush=True)


def _interrupted(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
