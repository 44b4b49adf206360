"""A signed payload with any field missing, null or of a wrong type is answered, without an error.

Recorded requests are altered at each path in turn, with valid signatures on what is left.
"""

import copy
from typing import Any

import pytest

from handlers.sandbox.interactions.signed_request import body_of
from handlers.slack.plumbing.payload_shape import misshapen
from tests.handlers.http.endpoint import RECORDED, Endpoint, recorded, tracebacks
from tests.handlers.http.test_signed_nonsense import alter, places

WRONG: list[Any] = ["delete", None, [], {}, 7, "", [None]]
ANSWERED = (200, 400, 409)  # 409: an identical request was sent before


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_a_payload_with_one_wrong_field_is_answered_without_an_error(
    endpoint: Endpoint, log: pytest.LogCaptureFixture, name: str
) -> None:
    kind, payload = recorded(name)
    if "response_url" in payload:
        payload["response_url"] = f"{endpoint.world.slack.page_url}response/R0"
    signed = endpoint.world.baton.signer.sign_all(payload)
    problems = []
    for place in range(len(list(places(signed)))):
        for wrong in WRONG:
            altered = copy.deepcopy(signed)
            alter(altered, place, wrong)
            log.clear()
            answer = await endpoint.receives_signed(*body_of(kind, altered))
            if answer.status not in ANSWERED or tracebacks(log):
                problems.append((place, wrong, answer.status, tracebacks(log)))
    assert problems == []
    await endpoint.world.baton.ephemeral.drain()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_payload_has_the_right_shape(name: str) -> None:
    _, payload = recorded(name)
    assert misshapen(payload) == ""


@pytest.mark.parametrize(
    ("name", "field", "wrong", "place"),
    [
        ("baton_command", "user_id", None, "user_id"),
        ("claim_button", "user", [], "user"),
        ("claim_button", "actions", [], "actions"),
        ("claim_button", "actions", [{"type": "button", "action_id": "claim"}], "actions.0"),
        ("escalate_form", "view", {"id": 7}, "view.id"),
        ("app_home_opened", "event", {"type": "app_home_opened"}, "user"),
        ("app_home_opened", "event", "x", "event"),
    ],
)
def test_the_place_of_the_wrong_field_is_named(
    name: str, field: str, wrong: object, place: str
) -> None:
    _, payload = recorded(name)
    assert misshapen(payload | {field: wrong}) == place


@pytest.mark.parametrize("kind", [None, [], {}, 7, "view_closed", "block_suggestion"])
def test_a_payload_of_another_kind_is_left_to_bolt(kind: object) -> None:
    assert misshapen({"type": kind}) == ""
