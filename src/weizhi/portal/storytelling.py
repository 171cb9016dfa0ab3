"""The story of a matter as pieces: what the room of matters tells, in the words and photos of a page."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from weizhi.matters.models import Matter
from weizhi.matters.story import Line, PhotoOf, Reader, Story
from weizhi.portal import pieces as p
from weizhi.portal.queries.hands import Holders, say_hands
from weizhi.portal.saying import due_chip, when
from weizhi.portal.ways import way_to

DECIDED: Final = "decided"
LATE: Final = frozenset({"overdue", "missed"})
SAID_APART: Final = frozenset({"words", "place", "photo"})
ENDING: Final = "。.!！?？ "
LEADING: Final = ":：、,， "


def story_piece(reader: Reader, told: Story, held: Holders, me: str, now: datetime) -> p.Story:
    lines = tuple(sentence(reader, line, me, now) for line in told.lines)
    return p.Story(lines, nexts(reader, told, held, now), end_piece(told, now))


def sentence(reader: Reader, line: Line, me: str, now: datetime) -> p.Sentence:
    who = who_piece(reader, line)
    if who and line.mine:
        who = replace(who, face=me)
    return p.Sentence(
        text=without_subject(line),
        when=when(line.at, now),
        at=line.at,
        who=who,
        quote="\n".join(quoted(line, reader.matter)),
        photos=tuple(photo_piece(photo, n) for n, photo in enumerate(line.photos, 1)),
        seal=p.Seal(_("已定")) if DECIDED in line.marks else None,
        stars=p.Stars(line.stars, _("%(n)s 颗星") % {"n": line.stars}) if line.stars else None,
        tone="thanks" if line.thanks else "late" if line.verb in LATE else "",
    )


def without_subject(line: Line) -> str:
    """Who acted stands above the sentence; it is not said twice."""
    return line.text.removeprefix(line.who).lstrip(LEADING) or line.text


def quoted(line: Line, matter: Matter) -> list[str]:
    """What was said, then what was filled in; the same words never twice, and the title's not again."""
    said = [line.words] if line.words and line.words.rstrip(ENDING) != matter.title else []
    for title, value in line.fields:
        if value and value != line.words and not _is_id(value):
            said.append(_("%(title)s：%(value)s") % {"title": title, "value": value})
    return said


def _is_id(value: str) -> bool:
    """A place or person given by its id is shown among the facts, not here."""
    return len(value) == 36 and value.count("-") == 4


def who_piece(reader: Reader, line: Line) -> p.Who | None:
    """Officials stand by their name; a resident's name is for those who have to do with the matter."""
    if not line.post and not line.mine and line.who == _("系统"):
        return None
    if line.on_behalf_of or line.channel:
        said = line.on_behalf_of or line.caller
        name = said if said and reader.involved else _("一位居民")
        how = _("由%(name)s代为登记（%(channel)s）") if line.channel else _("由%(name)s当面代为登记")
        return p.Who(name, "", how % {"name": line.who, "channel": line.channel}, face=_unnamed(reader))
    if line.post:
        return p.Who(line.who, line.post)
    return p.Who(
        line.who if line.mine or reader.involved else _("一位居民"), face="" if line.mine else _unnamed(reader)
    )


def _unnamed(reader: Reader) -> str:
    """The face of somebody whose name is not for this reader."""
    return "" if reader.involved and not reader.shielded else _("邻")


def photo_piece(photo: PhotoOf, n: int) -> p.Photo:
    small, full = way_to("portal:photo-small", photo.id), way_to("portal:photo", photo.id)
    return p.Photo(small, _("照片 %(n)s") % {"n": n}, full=full)


def nexts(reader: Reader, told: Story, held: Holders, now: datetime) -> tuple[p.Next, ...]:
    mine = {str(key) for key in reader.who.keys}
    found = []
    for coming in told.coming:
        keys = [party.who for party in reader.parties if party.step_id == coming.step_id]
        who = say_hands(reader, keys, held) or "、".join(coming.who)
        due = due_chip(coming.due, now) if coming.due else None
        said = _("等%(who)s") % {"who": who} if who else _("等时间到")
        if coming.still and coming.still > now:
            day = when(coming.still, now).removesuffix(" 00:00")
            said = _("%(waits)s（暂停着，%(when)s接着算）") % {"waits": said, "when": day}
        found.append(p.Next(coming.title, said, due, not mine.isdisjoint(keys)))
    return tuple(found)


def end_piece(told: Story, now: datetime) -> p.End | None:
    matter = told.matter
    if matter.ended_at is None:
        return None
    said = _("%(when)s结束。以后要是还有问题，可以接着再报一件。") % {"when": when(matter.ended_at, now)}
    return p.End(said, p.Seal(told.ended_title))


def audience_words(matter: Matter, reader: Reader) -> str:
    """Who may see it, in words."""
    if matter.audience == Matter.PARTIES_ONLY:
        return _("只有报事的人和办事的人")
    if matter.audience == "*":
        return _("所有人")
    level = next((level for level, path in matter.place.levels.items() if path == matter.audience), "community")
    return _("本%(level)s的人") % {"level": reader.charter.levels.titles.get(level) or _("社区")}
