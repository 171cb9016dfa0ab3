"""The words of a notice: what happened and what comes next, from the same sentences as the story.

Nothing of what was written in an act is quoted: a notice leaves the house, and the story shows each reader what
he may see. A chat group is told neither title nor names.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.charters.spoken_time import say_when
from weizhi.matters.models import Matter
from weizhi.matters.put_off import PUT_OFF
from weizhi.matters.registry import StepKind, kind_named
from weizhi.matters.sending import by_name
from weizhi.matters.sentences import Audience, Words
from weizhi.matters.story import Reader
from weizhi.people.access import NOBODY, Standing
from weizhi.record.models import Delivery, Entry
from weizhi.record.notices import Notice

ASKS_BESIDE: Final[Mapping[str, Words]] = {"answer": gettext_lazy("您提的异议有了答复")}
LATE: Final = frozenset({"overdue", "missed"})
ENDS_THE_SENTENCE: Final = "。!?！？"


def with_words(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """What `words_for` needs, in the same query."""
    return deliveries.select_related("entry__actor", "entry__holding", "entry__stream__matter", "to")


def words_for(delivery: Delivery, now: datetime | None = None) -> Notice:
    """The notice as its reader gets it. No query where the row comes `with_words`."""
    entry = delivery.entry
    matter = entry.stream.matter
    number = _("编号 %(number)s") % {"number": f"{matter.number:04d}"}
    telling = Telling(matter, entry, delivery, now or delivery.send_at)
    # By its name: the pages above decide what it looks like.
    url = reverse(f"portal:{telling.page()}", args=[matter.pk])
    if delivery.to is None:
        return Notice(
            _("%(why)s：%(number)s") % {"why": delivery.get_why_display(), "number": number}, telling.pressing(), url
        )
    title = " ".join(f"{number} {matter.title}".split())  # a line break would break the head of an e-mail
    return Notice(title, telling.text(), url)


class Telling:
    """One entry, told to one reader."""

    def __init__(self, matter: Matter, entry: Entry, delivery: Delivery, now: datetime) -> None:
        who = Standing(delivery.to_id) if delivery.to_id else NOBODY
        audience: Audience = "resident" if delivery.why == Delivery.Why.NEWS else "desk"
        self.reader = NoticeReader(matter, who, audience)
        self.matter, self.entry, self.why, self.now = matter, entry, str(delivery.why), now

    def text(self) -> str:
        if self.why != Delivery.Why.NEWS:
            return self.pressing() + ended(self.reader.sentence(self.entry))
        if self.entry.verb == "raise":  # somebody else raised it for the reader
            number = f"{self.matter.number:04d}"
            return ended(_("收到了，编号 %(number)s") % {"number": number}) + self.next()
        return ended(self.reader.sentence(self.entry)) + self.next()

    def pressing(self) -> str:
        """What is asked of the reader."""
        if self.entry.verb == "dispute":
            return ended(_("您代为登记的一笔，本人说不对。请核对，再和他说清楚"))
        if self.why == Delivery.Why.ASKED:
            if asked := self._kind_asks():
                return ended(asked)
            step = self.reader.title_of(self.entry.step)
            if self.entry.verb == PUT_OFF:
                return ended(_("“%(step)s”到时间了，可是下一步还开不了，请您去看看缺什么") % {"step": step})
            if self.entry.verb not in LATE:
                return ended(_("“%(step)s”有变化，请您知道") % {"step": step})
            return ended(_("“%(step)s”过了期限还没有办，请您过问") % {"step": step})
        return "".join(ended(self._asks(self.reader.title_of(key), due)) for key, due, _names in self.opened())

    def kind(self) -> StepKind | None:
        """The kind of the step at which it was done; None beside the steps."""
        rule = self.reader.procedure.steps.get(self.entry.step)
        return kind_named(rule.kind) if rule else None

    def _kind_asks(self) -> str:
        kind = self.kind()
        return str(kind.asks.get(self.entry.verb, "") if kind else ASKS_BESIDE.get(self.entry.verb, ""))

    def page(self) -> str:
        """Where the reader answers: a step may have a page of its own."""
        kind = self.kind()
        return kind.page if kind and kind.page and self.why == Delivery.Why.ASKED else "matter"

    def _asks(self, step: str, due: datetime | None) -> str:
        if due is None:
            return _("等您办：%(step)s") % {"step": step}
        return _("等您办：%(step)s，请在%(when)s") % {"step": step, "when": self._when(due)}

    def next(self) -> str:
        """What comes next, who must do it, by when; or how it ended."""
        if end := self.entry.public.get("ended"):
            return ended(_("这件事到此结束：%(end)s") % {"end": self.reader.title_of(str(end))})
        return "".join(ended(self._next(key, due, names)) for key, due, names in self.opened())

    def _next(self, key: str, due: datetime | None, names: Sequence[str]) -> str:
        who = "、".join(self.reader.name_title(name) for name in names)
        words = {"who": who or _("系统"), "step": self.reader.title_of(key)}
        if due is None:
            return _("接下来%(who)s：%(step)s") % words
        return _("接下来%(who)s：%(step)s，%(when)s") % {**words, "when": self._when(due)}

    def opened(self) -> list[tuple[str, datetime | None, tuple[str, ...]]]:
        """The steps that the entry opened for persons, with due instant and who acts; a fork's like steps once."""
        steps = self.reader.procedure.steps
        rows = {str(row["step"]): row for row in self.entry.public.get("opens", ())}
        sent: dict[str, list[str]] = {}
        for row in self.entry.public.get("opens", ()):
            sent.setdefault(str(row["step"]), []).extend(row.get("sent", ()))
        return [
            (key, datetime.fromisoformat(row["due"]) if row["due"] else None, by_name(steps[key], sent[key]))
            for key, row in rows.items()
            if not kind_named(steps[key].kind).spec.automatic
        ]

    def _when(self, due: datetime) -> str:
        said = say_when(due, self.now)
        day, ends_the_day, _rest = said.partition(" 23:59")
        return _("%(day)s之内") % {"day": day} if ends_the_day else _("%(when)s前") % {"when": said}


class NoticeReader(Reader):
    """A reader who is told by a notice: of an actor without a post only those who must act learn the name."""

    def actor_of(self, entry: Entry) -> str:
        own = entry.actor_id is not None and entry.actor_id == self.who.person_id
        plain = own or entry.actor is None or entry.holding_id is not None or self.audience == "desk"
        return super().actor_of(entry) if plain else _("一位居民")


def ended(sentence: str) -> str:
    """The sentence with its full stop."""
    return sentence if not sentence or sentence[-1] in ENDS_THE_SENTENCE else f"{sentence}。"
