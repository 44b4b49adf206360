"""Faults to inject: into the next few calls, or into a random share of all calls."""

import random
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.sandbox.faults.kinds import ERROR, KINDS, Kind

ANY = "*"


@dataclass(frozen=True)
class Fault:
    """One fault to inject.

    ``retry_after`` is the header of a 429, in seconds. ``seconds`` is how late a delayed
    call, response or event is, on the sandbox's clock.
    """

    kind: str
    retry_after: int = 1
    seconds: float = 30.0

    @property
    def executes(self) -> bool:
        """Return whether the call is executed before the fault hides its response."""
        return kind_of(self.kind).executes

    @property
    def error(self) -> str | None:
        """Return Slack's error code for an ``error:CODE`` fault, else None."""
        return self.kind.removeprefix("error:") if self.kind.startswith("error:") else None


@dataclass
class RandomFaults:
    """Faults for a random share of all calls or requests.

    The sequence depends only on the seed and the name, so calls to other methods do not
    change it.
    """

    share: float
    faults: list[Fault]
    seed: int

    def __post_init__(self) -> None:
        self._generators: dict[str, random.Random] = {}

    def draw(self, name: str) -> Fault | None:
        seed = f"{self.seed}/{name}"
        generator = self._generators.setdefault(name, random.Random(seed))  # noqa: S311
        possible = [it for it in self.faults if kind_of(it.kind).applies_to(name)]
        hit, choice = generator.random() < self.share, generator.random()
        return possible[int(choice * len(possible))] if hit and possible else None


class Faults:
    """The faults that are scheduled for this sandbox.

    ``method`` is a Web API method, a request type (events_api, slash_commands, interactive),
    ``socket``, ``handshake``, or ``*`` for everything that the kind of fault applies to.
    """

    def __init__(self) -> None:
        self._queued: dict[str, deque[Fault]] = defaultdict(deque)
        self._random: dict[str, RandomFaults] = {}

    def next(
        self,
        method: str,
        kind: str,
        times: int = 1,
        *,
        retry_after: int = 1,
        seconds: float = 30.0,
    ) -> None:
        """Inject a fault into the next ``times`` calls or requests.

        ``kind`` is one of ``KINDS``, or ``error:`` followed by one of Slack's error codes.

        Raises:
            ValueError: the kind is unknown, or does not apply to ``method``.
        """
        check(method, kind)
        self._queued[method].extend([Fault(kind, retry_after, seconds)] * times)

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
        """Inject one of ``kinds`` into a random ``share`` (0 to 1) of calls from now on.

        An empty ``kinds`` stops it.

        Raises:
            ValueError: a kind is unknown, or does not apply to ``method``.
        """
        faults = [Fault(kind, retry_after, seconds) for kind in kinds]
        for fault in faults:
            check(method, fault.kind)
        self._random[method] = RandomFaults(share, faults, seed)

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call or request, or None. Queued faults come first."""
        for name in (method, ANY):
            queued = self._queued[name]
            if queued and kind_of(queued[0].kind).applies_to(method):
                return queued.popleft()
        random_faults = self._random.get(method) or self._random.get(ANY)
        return random_faults.draw(method) if random_faults else None

    def clear(self) -> None:
        self._queued.clear()
        self._random.clear()


def kind_of(name: str) -> Kind:
    if name.startswith("error:"):
        return ERROR
    if name not in KINDS:
        raise ValueError(f"no such fault: {name}; use error:CODE or one of {', '.join(KINDS)}")
    return KINDS[name]


def check(method: str, kind: str) -> None:
    found = kind_of(kind)
    if method != ANY and not found.applies_to(method):
        raise ValueError(f"{kind} does not apply to {method}")
