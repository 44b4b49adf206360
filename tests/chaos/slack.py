"""Slack and its people in a process of their own: ``python -m tests.chaos.slack PLAN DEEDS``.

It tells where it is on its first line of output, lets people act when it is told where the
app listens, and says who could not get done. It ends with its input, or when it is told to.
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

TURN = 0.05  # seconds until requests go to the next process, as a balancer would send them


async def main(plan: Plan, actions: Path) -> None:
    slack = Sandbox(Clock(wall_clock(), running=True))
    slack.pace.by_method = False  # one workspace here stands for the many of a deployment
    people_of(plan, slack)
    async with slack.serving():
        told = {
            "api_url": slack.api_url,
            "control_url": slack.control_url,
            "control_token": slack.control_token,
            "bot_token": slack.bot_token,
            "signing_secret": slack.signing_secret,
        }
        print(json.dumps(told), flush=True)
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
        slack.calls.clear()  # nobody reads them here, and they are many
        await asyncio.sleep(TURN)


if __name__ == "__main__":
    asyncio.run(main(Plan.from_json(sys.argv[1]), Path(sys.argv[2])))
