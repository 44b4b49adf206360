"""A question to a department: its message, and its line on the card."""

from bot.case import Case
from bot.case.task import Task
from handlers.i18n import _
from handlers.slack.ids import Button
from handlers.slack.render import brief, escape, local_time, mention
from handlers.slack.views.blocks import Message, actions, button, section, title, written


def task_message(case: Case, task: Task) -> Message:
    """Return the message in the department's channel: the question and how it stands."""
    opening = _(":question: {person} has a question about *{case}*:").format(
        person=mention(task.asked_by), case=escape(title(case))
    )
    closing, answerable = _status(case, task), task.is_open and case.end is None
    value = f"{case.id}/{task.event}"
    answer = button(_("Answer"), Button.ANSWER, value, style="primary")
    blocks = [section(opening), *written(task.asked), section(closing), *written(task.answer)]
    blocks += [actions(answer)] if answerable else []
    texts = [opening, escape(task.asked), closing, escape(task.answer)]
    return Message("\n".join(filter(None, texts)), blocks)


def task_line(task: Task) -> str:
    """Return the line on the case's card."""
    if task.answered_at is not None and task.is_late:
        text = _(":speech_balloon: {department} answered late")
    elif task.answered_at is not None:
        text = _(":speech_balloon: {department} answered")
    elif task.is_late:
        text = _(":rotating_light: No answer from {department}: it was due {due}")
    else:
        text = _(":question: Asked {department}, answer due {due}")
    name = escape(brief(task.department.capitalize(), 40))
    return text.format(department=name, due=local_time(task.due_at))


def _status(case: Case, task: Task) -> str:
    if task.answered_by is not None and task.answered_at is not None:
        person, answered = mention(task.answered_by), local_time(task.answered_at)
        return _("{person} answered, {time}:").format(person=person, time=answered)
    if case.end is not None:
        return _("The case is closed, so no answer is needed. Thank you!")
    text = _("The answer was due {due}.") if task.is_late else _("Please answer by {due}.")
    return text.format(due=local_time(task.due_at))
