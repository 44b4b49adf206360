"""Simulated users who report, claim, update and resolve cases, and retry until it works.

Each action that Baton has acknowledged is appended to a file, as it must not be lost.
"""

import asyncio
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any

from handlers.sandbox import Message, NoSuchElement, Person, Sandbox
from tests.chaos.plan import Plan, agent, channel, manager

RETRY_AFTER = 0.5  # seconds
CLAIMED, UPDATED, RESOLVED = 0.7, 0.5, 0.4  # shares of all cases; each share includes the next


@dataclass
class User:
    """A simulated user, who can do one thing at a time."""

    person: Person
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def state(self) -> str:
        """Describe what the user sees."""
        form = self.person.modal
        title = form.title if form else "no form"
        return f"has {title} {self.person.errors}, {self.person.ephemerals[-2:]}"

    async def sends(self, label: str, on: Message, answers: dict[str, Any]) -> None:
        """Open a form by its button, fill it, and submit it until it closes."""
        while True:
            await self.person.presses(label, on=on)
            if self.person.modal is not None:
                break
            await asyncio.sleep(RETRY_AFTER)
        await self.person.fills(answers)
        await self.submits()

    async def submits(self) -> None:
        """Submit the same form until it closes. Baton must deduplicate it by its view id."""
        while self.person.modal is not None:
            await self.person.submits()
            if self.person.modal is not None:
                await asyncio.sleep(RETRY_AFTER)


class Crowd:
    def __init__(self, slack: Sandbox, plan: Plan, actions: IO[str]) -> None:
        self._slack, self._plan, self._actions = slack, plan, actions
        self._random = random.Random(plan.seed)  # noqa: S311  reproducible by its seed
        everyone = [*map(agent, range(plan.agents)), *map(manager, range(plan.managers))]
        self._people = {id_: User(slack.person(id_)) for id_ in everyone}
        self._cards: dict[str, Message] = {}
        self._read: dict[str, int] = defaultdict(int)
        self._doing: dict[int, str] = {}

    async def act(self) -> list[str]:
        """Handle all cases, spread over the run, and return what some users could not complete."""
        lives = {
            asyncio.create_task(self._live(number, self._random.random())): number
            for number in range(self._plan.cases)
        }
        patience = self._plan.seconds + self._plan.settled_within
        done, trying = await asyncio.wait(
            lives, timeout=patience, return_when=asyncio.FIRST_EXCEPTION
        )
        for life in done:
            life.result()
        stuck = [f"{id_} {it.state}" for id_, it in self._people.items() if it.busy.locked()]
        for life in trying:
            life.cancel()
        await asyncio.gather(*trying, return_exceptions=True)
        return [*stuck, *(self._doing[lives[life]] for life in trying)]

    async def _live(self, number: int, fate: float) -> None:
        await asyncio.sleep(self._plan.seconds * number / self._plan.cases)
        customer = f"{self._random.getrandbits(48):012x} & Söhne"
        where, by = channel(number % self._plan.channels), agent(number % self._plan.agents)
        self._doing[number] = f"{by} reports {customer}"
        await self._escalates(customer, where, by)
        if fate > CLAIMED:
            return
        self._doing[number] = f"two managers wait for the card of {customer} and claim it"
        card = await self._card_of(customer, where)
        owner = await self._claims(customer, card, number)
        if fate > UPDATED:
            return
        self._doing[number] = f"{owner} updates the case of {customer}"
        await self._updates(customer, card, owner)
        if fate <= RESOLVED:
            self._doing[number] = f"{owner} resolves {customer}"
            await self._resolves(customer, card, owner)

    async def _escalates(self, customer: str, where: str, by: str) -> None:
        user = self._people[by]
        async with user.busy:
            while user.person.modal is None:
                await user.person.types("/escalate", channel=where)
                if user.person.modal is None:
                    await asyncio.sleep(RETRY_AFTER)
            summary = f"Nobody can log in, {self._random.getrandbits(48):012x}"
            answers = {
                "Customer": customer,
                "What happened?": summary,
                "Why does it need a manager?": ["Risk"],
            }
            await user.person.fills(answers)
            await user.submits()
        self._note("escalated", customer, by=by, text=summary)

    async def _claims(self, customer: str, card: Message, number: int) -> str:
        """Let two managers claim at once and return the one that the card names."""
        first = number % self._plan.managers
        rivals = [manager(first), manager((first + 1) % self._plan.managers)]
        await asyncio.gather(*(self._claims_alone(customer, card, it) for it in rivals))
        while True:
            for rival in rivals:
                if f"Owner: <@{rival}>" in card.text:
                    return rival
            await asyncio.sleep(RETRY_AFTER)

    async def _claims_alone(self, customer: str, card: Message, by: str) -> None:
        """Press Claim until Baton confirms it, or until the card shows an owner."""
        user = self._people[by]
        name = card.text.partition(" · ")[0]
        async with user.busy:
            before = len(user.person.ephemerals)
            while "Owner: " not in card.text:
                try:
                    await user.person.presses("Claim", on=card)
                except NoSuchElement:  # the case was claimed a moment ago
                    return
                await asyncio.sleep(RETRY_AFTER)
                replies = user.person.ephemerals[before:]
                if any(f"You now own {name}." in it for it in replies):
                    self._note("claimed", customer, by=by)
                    return
                if any(f"already claimed {name}" in it for it in replies):
                    return

    async def _updates(self, customer: str, card: Message, by: str) -> None:
        news = f"They have called again, {self._random.getrandbits(48):012x}"
        async with self._people[by].busy:
            await self._people[by].sends("Update", card, {"Details": news})
        self._note("updated", customer, by=by, text=news)

    async def _resolves(self, customer: str, card: Message, by: str) -> None:
        outcome = f"They can log in, {self._random.getrandbits(48):012x}"
        answers = {
            "What was the outcome?": outcome,
            "What was the root cause?": "A certificate",
            "How will we prevent it?": "We watch the date",
        }
        async with self._people[by].busy:
            await self._people[by].sends("Resolve", card, answers)
        self._note("resolved", customer, by=by, text=outcome)

    async def _card_of(self, customer: str, where: str) -> Message:
        while True:
            messages = self._slack.workspace.channel(where).messages
            for message in messages[self._read[where] :]:
                if not message.is_reply and not message.only_for:
                    self._cards[message.text.partition("\n")[0].partition(" · ")[2]] = message
            self._read[where] = len(messages)
            if card := self._cards.get(customer.replace("&", "&amp;")):
                return card
            await asyncio.sleep(RETRY_AFTER)

    def _note(self, action: str, customer: str, **more: str) -> None:
        self._actions.write(json.dumps({"action": action, "customer": customer, **more}) + "\n")
        self._actions.flush()
