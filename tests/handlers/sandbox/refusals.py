"""Expect Web API calls to fail."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


async def refusal(call: Awaitable[Any]) -> str:
    """Return the error code of a call that must fail."""
    return str((await refused(call))["error"])


async def refused(call: Awaitable[Any]) -> dict[str, Any]:
    """Return the response of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body = caught.value.response.data
    assert isinstance(body, dict)
    return body
