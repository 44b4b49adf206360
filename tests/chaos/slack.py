"""The sandbox and its users in their own process: ``python -m tests.chaos.slack PLAN FILE``.

Prints its addresses, reads Baton's URLs from its input, lets the users act, and prints what they
could not complete. Stops when its input ends or on SIGTERM.
"""

import asyncio
import json
import sys
from itertools import cycle
from pathlib import Path

from handlers.sandbox import Clock, Sandbox
from storage.store import wall_clock
from tests.chaos.crowd import Crowd
from tests.chaos.plan import Plan, people_of

TURN = 0.05  # seconds until requests go to the next process, like a load balancer


async def main(plan: Plan, actions: Path) -> None:
    slack = Sandbox(Clock(wall_clock(), running=True))
    slack.pace.by_method = False  # one workspace carries the load of many
    people_of(plan, slack)
    async with slack.serving():
        addresses = {
            "api_url": slack.api_url,
            "control_url": slack.control_url,
            "control_token": slack.control_token,
            "bot_token": slack.bot_token,
            "signing_secret": slack.signing_secret,
        }
        print(json.dumps(addresses), flush=True)
        urls = json.loads(await asyncio.to_thread(sys.stdin.readline))
        balancing = asyncio.create_task(balance(slack, urls))
        with actions.open("w", encoding="utf-8") as file:
            trying = await Crowd(slack, plan, file).act()
        print(json.dumps(trying), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        balancing.cancel()


async def balance(slack: Sandbox, urls: list[str]) -> None:
    for url in cycle(urls):
        slack.request_url = url
        slack.calls.clear()  # unused here, and they would fill the memory
        await asyncio.sleep(TURN)


if __name__ == "__main__":
    asyncio.run(main(Plan.from_json(sys.argv[1]), Path(sys.argv[2])))
