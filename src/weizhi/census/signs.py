"""Signs with a QR code for walls: whoever scans one reports with the place filled in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from weizhi.places.models import Community, Place

LAYOUTS: Final = ("cards", "posters")
KINDS: Final = ("building", "stairwell", "space", "estate")
AT_MOST: Final = 1200
TEMPLATES: Final = Path(__file__).parent / "paper"


@dataclass(frozen=True)
class Sign:
    """One sign: the place as neighbours name it, in what it lies, what the code says."""

    name: str
    within: str
    code: str
    address: str


class NoSigns(Exception):
    """There is nothing to make signs of; says what to do."""


def signs_of(community: Community, kinds: Sequence[str], under: str = "") -> list[Sign]:
    """The signs of these kinds of places, in the order of the list of buildings. One query."""
    found = Place.objects.filter(community=community, kind__in=kinds).select_related("parent__parent")
    if under:
        top = Place.objects.filter(community=community, code=under).first()
        if top is None:
            raise NoSigns(_("没有编号是“%(code)s”的地方。请检查写法。") % {"code": under})
        found = found.under(top.path)
    places = list(found.order_by("path")[: AT_MOST + 1])
    if not places:
        raise NoSigns(_("名册里还没有这样的地方。请先导入楼栋或公共空间。"))
    if len(places) > AT_MOST:
        raise NoSigns(_("一次最多 %(n)d 张。请选一个小区，分几次做。") % {"n": AT_MOST})
    return [_sign(place, community) for place in sorted(places, key=lambda place: natural(place.path))]


def address_of(path: str) -> str:
    """What the code says: the report page of this server, with the place."""
    return f"{settings.ADDRESS}/report?at={quote(path)}"


def only_here() -> bool:
    """Whether the address in the codes means this machine alone, so that no telephone can open it."""
    return urlsplit(settings.ADDRESS).hostname in ("127.0.0.1", "localhost", "::1")


def sheet(community: Community, signs: Sequence[Sign], layout: str = "cards") -> bytes:
    """The PDF: six signs a page to cut out, or one a page."""
    import typst  # a compiler of 20 MB: only where paper is asked for

    if layout not in LAYOUTS:
        raise ValueError(layout)
    told = {
        "title": _("%(place)s二维码") % {"place": community.name},
        "layout": layout,
        "signs": [
            {"name": one.name, "within": one.within, "code": one.code, "svg": drawn(one.address)} for one in signs
        ],
        "words": {
            "call": _("有事扫一扫"),
            "how": _("用微信或手机相机扫码、拍照、说一句"),
            "otherwise": _("不方便扫码的请到居委会说"),
        },
    }
    said = {"told": json.dumps(told, ensure_ascii=False)}
    made = typst.compile(str(TEMPLATES / "signs.typ"), root=str(TEMPLATES), sys_inputs=said)
    assert isinstance(made, bytes)
    return made


def drawn(address: str) -> str:
    """The code as a drawing, with the quiet edge that cameras need; a third of it may be scratched."""
    import segno

    svg: str = segno.make(address, error="q", micro=False).svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def natural(path: str) -> list[tuple[int, int, str]]:
    """As people count: 2 before 10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in path.replace("-", "/").split("/")]


def _sign(place: Place, community: Community) -> Sign:
    chain = [place.parent, place.parent.parent if place.parent else None] if place.parent else []
    above = [one.name for one in chain if one is not None and one.path != community.slug]
    name = f"{above[0]} {place.name}" if place.kind == "stairwell" and above else place.name
    within = above[1:] if place.kind == "stairwell" else above
    return Sign(name, " · ".join([community.name, *reversed(within)]), place.code, address_of(place.path))
