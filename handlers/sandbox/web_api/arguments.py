"""Read a call's arguments from the query string, a form or a JSON body."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from handlers.sandbox.errors import SlackError, bad_argument

# Form bodies carry these as JSON strings.
STRUCTURES = {"blocks", "attachments", "metadata", "view"}


class Arguments(dict[str, Any]):
    """The arguments of one call, with readers that accept what Slack accepts."""

    def text(self, name: str) -> str:
        value = self.get(name)
        if value is None or value is False:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, int | float):
            return str(value)
        raise bad_argument(f"{name} must be a string")

    def flag(self, name: str) -> bool:
        return self.get(name) not in (None, False, 0, "", "0", "false", "False")

    def number(self, name: str, default: int) -> int:
        value = self.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise SlackError("invalid_limit") from None

    def names(self, name: str) -> list[str]:
        """Return a list, or the parts of a comma-separated string."""
        value = self.get(name)
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]


async def read_arguments(request: Request) -> Arguments:
    args = Arguments(request.query_params.items())
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if kind == "application/json":
        args.update(read_json(body))
    elif kind == "multipart/form-data":
        form = await request.form()
        args.update({name: value for name, value in form.items() if isinstance(value, str)})
    elif kind == "application/x-www-form-urlencoded":
        args.update(read_form(body))
    elif body:
        raise SlackError("invalid_post_type")
    for name in STRUCTURES & args.keys():
        args[name] = decoded(name, args[name])
    return args


def read_json(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed


def read_form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise SlackError("invalid_form_data") from None


def decoded(name: str, value: Any) -> Any:
    if value == "" or not isinstance(value, str):
        return None if value == "" else value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        pass
    if name == "blocks":
        raise SlackError("invalid_blocks_format")
    if name == "metadata":
        raise SlackError("invalid_metadata_format")
    raise bad_argument(f"{name} is not valid JSON")
