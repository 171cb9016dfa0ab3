"""What surrounds every page: type size, light, language, the dock or rail, and what was just done."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.portal.pieces import Flash, Nav, NavItem, Piece
from weizhi.portal.queries.places import community_of
from weizhi.portal.stencils import Holed
from weizhi.portal.visitor import standing_of, unseen_of
from weizhi.portal.ways import way
from weizhi.record import clock

PIECES: Final = ("marks", "story", "cards", "forms", "table", "counts")
SHEETS: Final = ("base", "layout", *(f"pieces/{piece}" for piece in PIECES), "print")
NIGHT: Final = {"auto": "screen and (prefers-color-scheme: dark)", "dark": "screen", "light": "not all"}
SIZES: Final = ("plain", "large")
TONES: Final = {"success": "done", "info": "news", "warning": "warning", "error": "error"}


@dataclass(frozen=True, slots=True)
class Head(Piece, Holed):
    template: ClassVar[str] = "head"
    scheme: str
    night: str


@dataclass(frozen=True, slots=True)
class DemoLine(Piece, Holed):
    """What time it is, where that is not what the visitor's own clock says."""

    template: ClassVar[str] = "demo_line"
    HOLES: ClassVar[tuple[str, ...]] = ("now",)
    now: str


@dataclass(frozen=True, slots=True)
class Top(Piece, Holed):
    """The name of the place, and the switches: type size, light, language."""

    template: ClassVar[str] = "top"
    HOLES: ClassVar[tuple[str, ...]] = ("home", "place", "here")
    SENT: ClassVar[bool] = True
    size: str
    theme: str
    other_lang: str
    home: str
    place: str
    here: str

    @property
    def other_words(self) -> str:
        """Each language is named in itself."""
        return {"en": "EN", "zh-hans": "中文"}.get(self.other_lang, "")


@dataclass(frozen=True, slots=True)
class Frame:
    lang: str
    size: str
    theme: str
    nav: Nav
    here: str
    here_key: str
    flashes: tuple[Flash, ...]
    demo: DemoLine | None = None

    @property
    def head(self) -> Head:
        return Head({"auto": "light dark"}.get(self.theme, self.theme), NIGHT[self.theme])

    @property
    def top(self) -> Top:
        other = "zh-hans" if self.lang == "en" else "en"
        other = other if other in catalogues() else ""
        return Top(self.size, self.theme, other, self.nav.home, self.nav.place, self.here)


def frame_of(request: HttpRequest | None, here_key: str, nav: Nav | None = None) -> Frame:
    lang = "en" if (get_language() or "").startswith("en") else "zh-Hans"
    if request is None:
        return Frame(lang, "plain", "auto", Nav(), "/", "", ())
    return Frame(
        lang=lang,
        size=_cookie(request, "size", SIZES),
        theme=_cookie(request, "theme", tuple(NIGHT)),
        nav=nav or _nav(request),
        here=request.get_full_path(),
        here_key=here_key,
        flashes=tuple(_flash(str(one), one.level_tag) for one in get_messages(request)),
        demo=_demo(),
    )


def _demo() -> DemoLine | None:
    if not clock.is_demos():
        return None
    here = clock.now().astimezone(ZONE)
    said = {"month": here.month, "day": here.day, "hour": f"{here:%H:%M}"}
    return DemoLine(_("%(month)s月%(day)s日 %(hour)s") % said)


@cache
def catalogues() -> frozenset[str]:
    """The languages in which pages can be read: Chinese is in the source, others where their catalogue lies."""
    translated = {
        code for code, _name in settings.LANGUAGES for folder in settings.LOCALE_PATHS
        if (Path(folder) / to_locale(code) / "LC_MESSAGES" / "django.mo").exists()
    }  # fmt: skip
    return frozenset({settings.LANGUAGE_CODE, *translated})


def _cookie(request: HttpRequest, name: str, known: tuple[str, ...]) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in known else known[0]


def _flash(words: str, tag: str) -> Flash:
    first, _sep, more = words.partition("\n")
    tone = TONES.get(tag, "news")
    return Flash(first, tone, more)  # type: ignore[arg-type]  # TONES gives only tones


def _nav(request: HttpRequest) -> Nav:
    """Five words in the hand of a resident; seven on the desk of whoever holds a post."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return Nav()
    standing = standing_of(request)
    unseen = unseen_of(request)
    post = standing.posts[0] if standing.posts else None
    place = community_of(standing)
    items = (_staff_items if post else _resident_items)(unseen, get_language())
    home = way("portal:desk" if post else "portal:home")
    return Nav(items, str(request.user), post.title if post else "", home, place.name if place else "", unseen)


@lru_cache(maxsize=64)
def _resident_items(unseen: int, language: str) -> tuple[NavItem, ...]:
    return (
        NavItem("home", _("首页"), reverse("portal:home"), "home"),
        NavItem("common", _("大家的事"), reverse("portal:common"), "board"),
        NavItem("report", _("报事"), reverse("portal:report"), "say", raised=True),
        NavItem("notices", _("消息"), reverse("portal:notices"), "bell", count=unseen),
        NavItem("mine", _("我的"), reverse("portal:mine"), "person"),
    )


@lru_cache(maxsize=64)
def _staff_items(unseen: int, language: str) -> tuple[NavItem, ...]:
    desk = reverse("portal:desk")
    return (
        NavItem("desk", _("要办的"), desk, "tasks"),
        NavItem("open", _("在办的"), f"{desk}?view=open", "moving", on_dock=False),
        NavItem("ended", _("办完的"), f"{desk}?view=ended", "shelf", on_dock=False),
        NavItem("common", _("大家的事"), reverse("portal:common"), "board"),
        NavItem("report", _("记一件"), reverse("portal:record-for"), "say", raised=True),
        NavItem("notices", _("消息"), reverse("portal:notices"), "bell", count=unseen),
        NavItem("mine", _("我的"), reverse("portal:mine"), "person"),
    )
