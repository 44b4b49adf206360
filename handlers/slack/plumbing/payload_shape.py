"""The shape of Slack's requests, checked before a listener reads them.

The models hold only the fields that Baton reads, as Slack's reference describes them. Other fields
may be missing or new: they never reject a request.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from handlers.slack.ids import CHANNEL_CLOSED, CHANNEL_OPENED

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Part(BaseModel):
    model_config = ConfigDict(strict=True)


class Named(Part):
    id: Id


class Choice(Part):
    value: str


class Answer(Part):
    """The state of an input or of a select menu; which field is set depends on its type."""

    type: str
    value: str | None = None
    selected_option: Choice | None = None
    selected_options: list[Choice] | None = None
    selected_user: Id | None = None
    selected_conversation: Id | None = None
    selected_channel: Id | None = None
    selected_date: str | None = None
    selected_date_time: int | None = None


class Action(Answer):
    action_id: Id

    @model_validator(mode="after")
    def _buttons_have_a_value(self) -> Self:
        if self.type == "button" and self.value is None:
            raise ValueError("a button without a value")
        return self


class State(Part):
    values: dict[str, dict[str, Answer]]


class Block(Part):
    type: str
    block_id: str


class View(Part):
    id: Id
    type: str
    callback_id: str
    private_metadata: str
    blocks: list[Block]
    state: State


class Message(Part):
    ts: Id
    text: str | None = None


class Command(Part):
    command: Id
    user_id: Id
    channel_id: Id
    trigger_id: Id
    text: str = ""


class Interaction(Part):
    user: Named
    trigger_id: Id
    channel: Named | None = None
    response_url: str | None = None


class Press(Interaction):
    type: Literal["block_actions"]
    actions: list[Action] = Field(min_length=1)
    message: Message | None = None
    view: View | None = None


class Submission(Interaction):
    type: Literal["view_submission"]
    view: View


class Shortcut(Interaction):
    type: Literal["shortcut"]
    callback_id: Id


class MessageShortcut(Interaction):
    type: Literal["message_action"]
    callback_id: Id
    channel: Named
    message: Message


INTERACTIONS: Mapping[str, type[Part]] = {
    "block_actions": Press,
    "view_submission": Submission,
    "shortcut": Shortcut,
    "message_action": MessageShortcut,
}


class Envelope(Part):
    event: dict[str, Any]


class Event(Part):
    """An event that Baton reads nothing else of."""

    type: str


class OfPerson(Event):
    user: Id


class OfProfile(Event):
    user: Named


class Item(Part):
    type: str
    channel: Id | None = None
    ts: Id | None = None


class Reaction(OfPerson):
    reaction: str
    item: Item


class InChannel(Event):
    channel: Id | Named


class Joined(OfPerson, InChannel):
    pass


class NewChannelId(Event):
    old_channel_id: Id
    new_channel_id: Id


EVENTS: Mapping[str, type[Event]] = {
    "app_home_opened": OfPerson,
    "reaction_added": Reaction,
    "team_join": OfProfile,
    "user_change": OfProfile,
    "member_joined_channel": Joined,
    "channel_id_changed": NewChannelId,
    **dict.fromkeys((*CHANNEL_OPENED, *CHANNEL_CLOSED), InChannel),
}


def misshapen(payload: Mapping[str, Any]) -> str:
    """Return the path of the first field that does not have Slack's shape, or an empty string.

    Payloads of a kind that Baton does not read have none: Bolt answers them.
    """
    try:
        if "command" in payload:
            Command.model_validate(payload)
        elif "event" in payload:
            event = Envelope.model_validate(payload).event
            EVENTS.get(str(event.get("type")), Event).model_validate(event)
        elif (model := INTERACTIONS.get(str(payload.get("type")))) is not None:
            model.model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return ".".join(map(str, first["loc"])) or first["type"]
    return ""
