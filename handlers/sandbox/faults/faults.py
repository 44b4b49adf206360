"""The faults to come: so many of the next ones, or a share of all."""

import random
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.sandbox.faults.kinds import ERROR, KINDS, Kind

ANY = "*"


@dataclass(frozen=True)
class Fault:
    """``seconds`` is for what comes late: on the sandbox's clock."""

    kind: str
    retry_after: int = 1
    seconds: float = 30.0

    @property
    def done(self) -> bool:
        """The call is carried out, whatever becomes of its answer."""
        return kind_of(self.kind).done

    @property
    def error(self) -> str | None:
        return self.kind.removeprefix("error:") if self.kind.startswith("error:") else None


@dataclass
class Rain:
    """A share of all that goes by; the same for each seed, and for each name by itself."""

    share: float
    faults: list[Fault]
    seed: int

    def __post_init__(self) -> None:
        self._drawn: dict[str, random.Random] = {}

    def fall(self, name: str) -> Fault | None:
        drops = self._drawn.setdefault(name, random.Random(f"{self.seed}/{name}"))  # noqa: S311
        possible = [it for it in self.faults if kind_of(it.kind).can_befall(name)]
        met, which = drops.random() < self.share, drops.random()
        return possible[int(which * len(possible))] if met and possible else None


class Faults:
    """``method`` is a method of the Web API, a kind of request (events_api, slash_commands,
    interactive), ``socket``, or ``*`` for whatever a kind can befall.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self._rains: dict[str, Rain] = {}

    def next(
        self,
        method: str,
        kind: str,
        times: int = 1,
        *,
        retry_after: int = 1,
        seconds: float = 30.0,
    ) -> None:
        """The next ``times`` meet a fault: one of ``KINDS``, or ``error:`` and a code of Slack's.

        Raises:
            ValueError: there is no such kind, or it cannot befall that.
        """
        check(method, kind)
        self._waiting[method].extend([Fault(kind, retry_after, seconds)] * times)

    def rain(
        self,
        method: str,
        kinds: Iterable[str],
        *,
        share: float,
        seed: int,
        retry_after: int = 1,
        seconds: float = 30.0,
    ) -> None:
        """From now on a share, from 0 to 1, meets one of these kinds; none makes it stop.

        Raises:
            ValueError: there is no such kind, or it cannot befall that.
        """
        faults = [Fault(kind, retry_after, seconds) for kind in kinds]
        for fault in faults:
            check(method, fault.kind)
        self._rains[method] = Rain(share, faults, seed)

    def take(self, method: str) -> Fault | None:
        """What this one meets. Those that were counted come first."""
        for name in (method, ANY):
            waiting = self._waiting[name]
            if waiting and kind_of(waiting[0].kind).can_befall(method):
                return waiting.popleft()
        rain = self._rains.get(method) or self._rains.get(ANY)
        return rain.fall(method) if rain else None

    def clear(self) -> None:
        self._waiting.clear()
        self._rains.clear()


def kind_of(name: str) -> Kind:
    if name.startswith("error:"):
        return ERROR
    if name not in KINDS:
        raise ValueError(f"no such fault: {name}; there are {', '.join(KINDS)}, and error:CODE")
    return KINDS[name]


def check(method: str, kind: str) -> None:
    found = kind_of(kind)
    if method != ANY and not found.can_befall(method):
        raise ValueError(f"{kind} does not befall {method}")
