"""The transaction that takes one step on a case: ``step(Case.resolve)``.

The overloads tie the answers of a form to the parameters of the rule, by their number.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar, overload

from bot.case import Case
from bot.people import CaseId, Person, UserId
from handlers.slack.plumbing.listeners import Work
from storage import Transaction

A = TypeVar("A", contravariant=True)
B = TypeVar("B", contravariant=True)


class Rule(Protocol):
    """A step that needs no answers, such as ``Case.claim``."""

    def __call__(self, case: Case, /, *, by: Person, at: datetime) -> None: ...


class RuleOfOne(Protocol[A]):
    """A step that needs one answer, such as ``Case.resolve``."""

    def __call__(self, case: Case, one: A, /, *, by: Person, at: datetime) -> None: ...


class RuleOfTwo(Protocol[A, B]):
    """A step that needs two answers, such as ``Case.change_priority``."""

    def __call__(self, case: Case, one: A, two: B, /, *, by: Person, at: datetime) -> None: ...


@overload
def step(rule: Rule) -> Work[CaseId]: ...
@overload
def step(rule: RuleOfOne[A]) -> Work[CaseId, A]: ...
@overload
def step(rule: RuleOfTwo[A, B]) -> Work[CaseId, A, B]: ...
def step(rule: Callable[..., None]) -> Callable[..., None]:
    """Return the transaction that locks a case and takes the step on it."""

    def work(tx: Transaction, case_id: CaseId, *answers: Any, by: UserId) -> None:
        rule(tx.cases.get(case_id), *answers, by=tx.person(by), at=tx.now)

    return work
