"""Asking another department: the case goes on, and its answer flows back."""

from datetime import datetime

from bot.case.event import EventKind
from bot.case.permissions import Step, admit
from bot.case.record import CaseRecord
from bot.case.task import Task
from bot.delivery import Delivery
from bot.errors import AnsweredAlready, NoSuchDepartment
from bot.people import ChannelId, Person


class Asking(CaseRecord):
    def may_ask(self, person: Person) -> None:
        """Raises what ``ask`` would."""
        self.may(Step.UPDATE, person)
        if not self.team.document.departments:
            raise NoSuchDepartment

    def ask(self, department: str, what: str, *, by: Person, at: datetime) -> None:
        """Its channel hears of it, and has some open time to answer."""
        self.may_ask(by)
        if (asked := self.team.document.departments.get(department)) is None:
            raise NoSuchDepartment
        calendar = self.policy.calendar
        due_at = calendar.after(at, calendar.duration(asked.answer_within))
        number = len(self.history) + 1
        card = Delivery.of_task(self.id, number, ChannelId(asked.channel), at=at)
        self.tasks.append(Task(number, department, what, by.user, at, due_at, card))
        self._record(EventKind.ASKED, at=at, by=by, task=number, note=what)

    def may_answer(self, number: int, person: Person) -> Task:
        """Whoever reads the question may answer it: it stands in their channel.

        Raises:
            NotAllowed: they are no member of the workspace.
            AnsweredAlready: somebody else was quicker.
        """
        admit(person)
        self._not_over()
        task = self.task(number)
        if task.answered_by is not None:
            raise AnsweredAlready(task.answered_by)
        return task

    def answer(self, number: int, words: str, *, by: Person, at: datetime) -> None:
        task = self.may_answer(number, by)
        task.answer, task.answered_by, task.answered_at = words, by.user, at
        said = {"task": number, "whom": task.asked_by, "note": words}
        self._record(EventKind.ANSWERED, at=at, by=by, **said)
