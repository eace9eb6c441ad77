"""Places in turn: round-robin over users, bounds of one user, and nobody's place is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from functions._runtime.turns import Turns


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(10):
            await body()

    asyncio.run(within())


def test_users_alternate_however_much_each_asks_for() -> None:
    order: list[str] = []

    async def body() -> None:
        turns = Turns(1)

        async def work(user: str) -> None:
            async with turns.of(user):
                order.append(user)
                await asyncio.sleep(0)

        async with turns.of("somebody"):
            asking = [asyncio.create_task(work(user)) for user in "aaaabcb"]
            await asyncio.sleep(0)
        await asyncio.gather(*asking)

    run(body)
    assert "".join(order) == "abcabaa"


@pytest.mark.parametrize("places", [2, 4])
def test_a_user_holds_no_more_than_allowed_while_others_pass(places: int) -> None:
    async def body() -> None:
        turns = Turns(places)
        held, most = 0, 0

        async def work() -> None:
            nonlocal held, most
            async with turns.of("a", most=places - 1):
                held += 1
                most = max(most, held)
                await asyncio.sleep(0.01)
                held -= 1

        many = [asyncio.create_task(work()) for _ in range(3 * places)]
        await asyncio.sleep(0)
        async with turns.of("b", most=places - 1), turns.of("b", most=places):
            pass
        await asyncio.gather(*many)
        assert most == places - 1

    run(body)


def test_a_place_is_not_lost_when_who_waits_goes_away_at_any_moment() -> None:
    async def body() -> None:
        turns = Turns(1)

        async def work() -> None:
            async with turns.of("a"):
                await asyncio.sleep(0)

        for patience in range(6):
            async with turns.of("b"):
                going = [asyncio.create_task(work()) for _ in range(3)]
                for _ in range(patience):
                    await asyncio.sleep(0)
                going[0].cancel()
            for _ in range(patience):
                await asyncio.sleep(0)
            going[1].cancel()
            await asyncio.gather(*going, return_exceptions=True)
        async with turns.of("c"):
            pass

    run(body)
