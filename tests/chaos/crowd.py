"""People who escalate, claim, tell what is new and resolve, and try again until it works.

What the app has acknowledged is written down, a line for each deed: it must not be lost.
"""

import asyncio
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any

from handlers.sandbox import Message, NoSuchElement, Person, Sandbox
from tests.chaos.plan import Plan, agent, channel, manager

A_MOMENT = 0.5  # seconds until somebody tries again
CLAIMED, TOLD, RESOLVED = 0.7, 0.5, 0.4  # of all cases; who resolves has told, who told has claimed


@dataclass
class Someone:
    """A person can do one thing at a time."""

    person: Person
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def state(self) -> str:
        """What they have before them."""
        form = self.person.modal
        title = form.title if form else "no form"
        return f"has {title} {self.person.errors}, {self.person.ephemerals[-2:]}"

    async def sends(self, label: str, on: Message, answers: dict[str, Any]) -> None:
        """Open a form by its button, fill it, and send it until it closes."""
        while True:
            await self.person.presses(label, on=on)
            if self.person.modal is not None:
                break
            await asyncio.sleep(A_MOMENT)
        await self.person.fills(answers)
        await self.submits()

    async def submits(self) -> None:
        """The same form again and again: the app is to know it by its id."""
        while self.person.modal is not None:
            await self.person.submits()
            if self.person.modal is not None:
                await asyncio.sleep(A_MOMENT)


class Crowd:
    def __init__(self, slack: Sandbox, plan: Plan, actions: IO[str]) -> None:
        self._slack, self._plan, self._deeds = slack, plan, actions
        self._random = random.Random(plan.seed)  # noqa: S311  the same for each seed
        everyone = [*map(agent, range(plan.agents)), *map(manager, range(plan.managers))]
        self._people = {id_: Someone(slack.person(id_)) for id_ in everyone}
        self._cards: dict[str, Message] = {}
        self._read: dict[str, int] = defaultdict(int)
        self._doing: dict[int, str] = {}

    async def act(self) -> list[str]:
        """Each case at its time, spread over the run; then who is still trying, and what."""
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
        self._doing[number] = f"{by} escalates {customer}"
        await self._escalates(customer, where, by)
        if fate > CLAIMED:
            return
        self._doing[number] = f"two wait for the card of {customer}, and claim it"
        card = await self._card_of(customer, where)
        owner = await self._claims(customer, card, number)
        if fate > TOLD:
            return
        self._doing[number] = f"{owner} tells what is new of {customer}"
        await self._tells(customer, card, owner)
        if fate <= RESOLVED:
            self._doing[number] = f"{owner} resolves {customer}"
            await self._resolves(customer, card, owner)

    async def _escalates(self, customer: str, where: str, by: str) -> None:
        someone = self._people[by]
        async with someone.busy:
            while someone.person.modal is None:
                await someone.person.types("/escalate", channel=where)
                if someone.person.modal is None:
                    await asyncio.sleep(A_MOMENT)
            story = f"Nobody can log in, {self._random.getrandbits(48):012x}"
            answers = {
                "Customer": customer,
                "What happened?": story,
                "Why does it need a manager?": ["Risk"],
            }
            await someone.person.fills(answers)
            await someone.submits()
        self._note("escalated", customer, by=by, text=story)

    async def _claims(self, customer: str, card: Message, number: int) -> str:
        """Two managers press at once; whom the card names goes on with it."""
        first = number % self._plan.managers
        rivals = [manager(first), manager((first + 1) % self._plan.managers)]
        await asyncio.gather(*(self._claims_alone(customer, card, it) for it in rivals))
        while True:
            for one in rivals:
                if f"<@{one}> has it" in card.text:
                    return one
            await asyncio.sleep(A_MOMENT)

    async def _claims_alone(self, customer: str, card: Message, by: str) -> None:
        """Press until they read that it is theirs, or the card that it is somebody's."""
        someone = self._people[by]
        name = card.text.partition(" · ")[0]
        async with someone.busy:
            before = len(someone.person.ephemerals)
            while "> has it" not in card.text:
                try:
                    await someone.person.presses("Claim", on=card)
                except NoSuchElement:  # it says so since a moment ago
                    return
                await asyncio.sleep(A_MOMENT)
                told = someone.person.ephemerals[before:]
                if any(f"You have {name} now" in said for said in told):
                    self._note("claimed", customer, by=by)
                    return
                if any(f"has {name} already" in said for said in told):
                    return

    async def _tells(self, customer: str, card: Message, by: str) -> None:
        news = f"They have called again, {self._random.getrandbits(48):012x}"
        async with self._people[by].busy:
            await self._people[by].sends("Update", card, {"In a few words": news})
        self._note("told", customer, by=by, text=news)

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
            await asyncio.sleep(A_MOMENT)

    def _note(self, action: str, customer: str, **more: str) -> None:
        self._deeds.write(json.dumps({"deed": action, "customer": customer, **more}) + "\n")
        self._deeds.flush()
