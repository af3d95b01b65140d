"""An end is asked for once and comes, also where the interrupted code does not want to hear of it."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from app.demo.endings import Endings

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _handlers_of_the_run() -> Iterator[None]:
    before = {sign: signal.getsignal(sign) for sign in SIGNALS}
    yield
    for sign, handler in before.items():
        signal.signal(sign, handler)


def _ask(sign: signal.Signals) -> None:
    os.kill(os.getpid(), sign)


@pytest.mark.parametrize("sign", SIGNALS)
def test_end_outside_of_a_coroutine_is_raised_where_the_program_is(sign: signal.Signals) -> None:
    with Endings(), pytest.raises(KeyboardInterrupt):
        _ask(sign)


@pytest.mark.parametrize("sign", SIGNALS)
def test_end_cancels_the_coroutine_and_is_raised(sign: signal.Signals) -> None:
    async def waits_for_ever() -> None:
        _ask(sign)
        await asyncio.Event().wait()

    with Endings() as endings, pytest.raises(KeyboardInterrupt):
        endings.run(waits_for_ever())


def test_end_that_is_swallowed_or_comes_with_the_last_step_is_raised_nevertheless() -> None:
    async def swallows() -> str:
        _ask(signal.SIGINT)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "as if nothing had been"
        return ""

    async def ends() -> str:
        _ask(signal.SIGINT)
        return "done"

    for main in (swallows, ends):
        with Endings() as endings, pytest.raises(KeyboardInterrupt):
            endings.run(main())


def test_what_breaks_because_of_the_end_is_an_end() -> None:
    async def breaks() -> None:
        _ask(signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("the connection is gone")

    with Endings() as endings, pytest.raises(KeyboardInterrupt):
        endings.run(breaks())


def test_what_breaks_by_itself_is_told_and_a_result_is_given_back() -> None:
    async def breaks() -> None:
        raise OSError("the disk is full")

    async def counts() -> int:
        return 3

    with Endings() as endings:
        assert endings.run(counts()) == 3
        with pytest.raises(OSError, match="disk"):
            endings.run(breaks())


def test_impatient_hand_does_not_hinder_the_end_that_is_on_its_way() -> None:
    done = []

    async def tidies_up() -> None:
        _ask(signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            for sign in SIGNALS:
                _ask(sign)
                await asyncio.sleep(0)
            done.append("tidy")

    with Endings() as endings, pytest.raises(KeyboardInterrupt):
        endings.run(tidies_up())
    assert done == ["tidy"]
    _ask(signal.SIGINT)  # nothing comes of one more, when all is done


def test_putting_in_order_is_not_hindered_and_the_handlers_are_as_before() -> None:
    before = [signal.getsignal(sign) for sign in SIGNALS]
    with Endings() as endings, endings.unheard():
        for sign in SIGNALS:
            _ask(sign)
    assert [signal.getsignal(sign) for sign in SIGNALS] == before
