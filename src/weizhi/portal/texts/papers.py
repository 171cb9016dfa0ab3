"""A text, and what changed in it, as papers. What people wrote goes in as data, never into typst's source."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings

from weizhi.methods.text.differing import Paragraph, differences, paragraphs
from weizhi.portal.printing import qr_of
from weizhi.portal.texts.page import Desk, text_url
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w

SIGNS: Final = {"gone": "删去", "new": "加上"}


def text_paper(desk: Desk) -> dict[str, Any]:
    """The text as it reads in one version; with two, what changed from the earlier to the later."""
    n, other = desk.reads, desk.against
    if other and {n, other} <= set(desk.bodies):
        old, new = sorted((n, other))
        found = differences(desk.bodies[old], desk.bodies[new])
        told = s.section(
            "", s.p("划掉的是删去的，加线加粗的是新加的，左边也写着。"), s.changes(rows_of(found)),
        )  # fmt: skip
        title = f"第 {old} 版到第 {new} 版改了什么"
    else:
        told = s.section("", *[s.p(line) for line in paragraphs(desk.bodies.get(n, "这一版按规定删去了。"))])
        title = f"第 {n} 版" + ("（定稿）" if desk.text and desk.text.frozen == n else "（还在写）")
    version = next((one for one in desk.versions if one.n == n), None)
    return sheet(
        desk,
        title=desk.matter.title,
        subject=f"{desk.reader.title_of(desk.step)} · {title}",
        sections=[told],
        date=w.day(version.at) if version else "",
        address=text_url(desk.matter.pk, desk.step, n),
    )


def sheet(desk: Any, *, address: str, **told: Any) -> dict[str, Any]:
    """What every paper of a text carries: the community, the code that opens the same page, when it was printed."""
    matter = desk.matter
    return {
        "community": matter.community.name,
        "svg": qr_of(f"{settings.ADDRESS}{address}"),
        "scan": "扫码看同一页",
        "foot": f"编号 {matter.number:04d} · {w.instant(desk.now)} 打印",
        "issuer": "",
        "words": {"seal": "（盖章）"},
        **told,
    }


def rows_of(found: Sequence[Paragraph]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each paragraph with what the margin says of it."""
    rows: list[tuple[str, list[tuple[str, str]]]] = []
    for one in found:
        sign = SIGNS.get(one.mark, "改" if one.changed else "")
        rows.append((sign, [(run.mark, run.text) for run in one.runs]))
    return rows
