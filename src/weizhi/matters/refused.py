"""A refusal: what a person reads when something may not be done, and why by the charter's line."""

from dataclasses import dataclass


@dataclass(eq=False)  # not frozen: Python itself writes __traceback__ and __notes__ on an exception that passes
class Refused(Exception):
    """Raised inside the act's transaction: nothing is written, nothing is lost on the page.

    `code` is for machines and stories: not-found, not-yours, closed, ended, bad-data, too-often, not-yet,
    key-reused. `message` is Chinese and says what to do. `line` names the charter's line where one decides.
    """

    code: str
    message: str
    line: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
