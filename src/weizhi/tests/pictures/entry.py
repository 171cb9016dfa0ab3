"""One page that is pictured: whose eyes see it, and how it is reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from weizhi.people.access import Standing

if TYPE_CHECKING:
    from playwright.sync_api import Page as Shown

NOBODY: Final = ""  # whoever has not signed in
Where = Callable[[Standing], str]
Then = Callable[["Shown"], None]


@dataclass(frozen=True)
class Entry:
    """One page: its file's name, the address it stands for, whose eyes, what one sees, the way there."""

    key: str
    name: str
    who: str
    says: str
    where: Where | None = None
    then: Then | None = None
    story: str = ""  # one of the cases, where the demo has no such page
    until: str = ""  # the moment at which the story is stopped, by the clocks of Shanghai

    def path(self, standing: Standing) -> str:
        return self.where(standing) if self.where else reverse(self.name)
