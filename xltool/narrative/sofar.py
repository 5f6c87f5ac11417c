"""What the text before a number has told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from xltool.narrative.statements import Basis, Statement, Subject


@dataclass(slots=True)
class SoFar:
    """What the text before has told: the subject, its last figure, change and budgets, and the last number.

    `waiting`: shares and rates that stand before the figure that they belong to.
    """

    subject: Subject | None = None
    figure: Statement | None = None
    change: Statement | None = None
    prior: Statement | None = None
    budgets: dict[Basis, Statement] = field(default_factory=dict)
    last_amount: Statement | None = None
    last: Statement | None = None
    counted: str = ""
    around: str = ""
    listed: Statement | Subject | None = None
    waiting: list[Statement] = field(default_factory=list)

    def turn_to(self, subject: Subject | None) -> None:
        """Another subject: what was said of the one before does not count for it."""
        if subject != self.subject or subject is None:
            self.subject, self.figure, self.change, self.budgets = subject, None, None, {}
            self.prior, self.waiting = None, []

    def kept(self) -> SoFar:
        """As it is now, to come back to."""
        return replace(self, budgets=dict(self.budgets), waiting=[])

    def back_to(self, before: SoFar) -> None:
        """Go on as the text was before a bracket, where it may have said what last year's figure was."""
        if before.prior is None and self.subject == before.subject:
            before.prior = self.prior
        self.subject, self.figure, self.change = before.subject, before.figure, before.change
        self.prior, self.budgets, self.last_amount = (
            before.prior,
            before.budgets,
            before.last_amount,
        )
        self.around, self.listed, self.waiting = before.around, before.listed, []
