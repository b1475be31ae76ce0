"""One transaction for many: what waits for the database at the same moment is done together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")

COMPANY = 0.01
"""Seconds that a turn waits for company when there was somebody before it: twice as many then share one transaction."""


class Gathered(Generic[A, R]):
    """A function of one thing that does what came in during its last turn in the next one, together.

    Whoever comes first does not wait for company. When doing many at once fails, each is done alone, so that one cannot
    spoil the others; unless the failure is everybody's.
    """

    def __init__(
        self,
        do: Callable[[Sequence[A]], Awaitable[Sequence[R]]],
        *,
        is_everybodys: Callable[[Exception], bool] = lambda _: False,
        most: int = 200,
    ) -> None:
        self._do = do
        self._is_everybodys = is_everybodys
        self._most = most
        self._waiting: list[tuple[A, asyncio.Future[R]]] = []
        self._turn: asyncio.Task[None] | None = None

    async def __call__(self, one: A) -> R:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.append((one, future))
        if self._turn is None or self._turn.done():
            self._turn = loop.create_task(self._take_turns())
        return await future

    async def _take_turns(self) -> None:
        await self._take_turn()
        while self._waiting:
            await asyncio.sleep(COMPANY)
            await self._take_turn()

    async def _take_turn(self) -> None:
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        if not await self._done(batch):
            for one in batch:
                await self._done([one])

    async def _done(self, batch: list[tuple[A, asyncio.Future[R]]]) -> bool:
        try:
            results = await self._do([one for one, _ in batch])
        except Exception as error:
            if len(batch) > 1 and not self._is_everybodys(error):
                return False
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return True
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
        return True
