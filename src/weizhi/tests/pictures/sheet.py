"""The contact sheet docs/images/README.md: every page with what one sees there."""

from typing import Final

from weizhi.tests.pictures.entry import NOBODY, Entry
from weizhi.tests.pictures.pages import ENTRIES, NO_PICTURE

SHOWN: Final = ("phone", "desk")
WHO: Final = {
    NOBODY: "nobody signed in", "lin": "林姨, resident", "zhou": "小周, grid officer", "wang": "王主任, director",
    "chen": "陈经理, property", "zhao": "赵律师, lawyer", "guo": "郭先生, of next door", "tao": "陶姐, committee",
    "he": "何阿姨, resident", "r3": "孙三, resident", "h1": "赵一, resident", "d1": "赵代表, deputy",
    "upstairs": "楼上小罗, tenant",
    "half-signed-in": "陶姐, half signed in", "asked-for-a-code": "somebody who asked for a code",
}  # fmt: skip
HEAD: Final = """# What it looks like

Every page of the [demo](../demo.md), and of [stories](../cases.md) stopped at a moment: on a phone (390 px) and at a
desk (1280 px), by day, by night, and in large type, side by side; long pages are clipped. `make pictures` takes them
anew and runs axe on each page in each look; a page without a picture or a reason below fails a test.

"""


def written() -> str:
    return HEAD + "\n".join(_table(title, entries) for title, entries in _chapters().items()) + "\n" + _reasons()


def file_of(key: str, width: str) -> str:
    return f"{key}-{width}.webp"


def _chapters() -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {"Residents and everybody": [], "Officers and the committee": [], "Signing in": []}
    for entry in ENTRIES:
        if entry.name.startswith(("account_", "mfa_")):
            found["Signing in"].append(entry)
        elif entry.who in {"zhou", "wang", "chen"}:
            found["Officers and the committee"].append(entry)
        else:
            found["Residents and everybody"].append(entry)
    return found


def _table(title: str, entries: list[Entry]) -> str:
    rows = [f"## {title}\n", "| page | phone | desk |", "|---|---|---|"]
    for one in entries:
        shown = [f'<img src="{file_of(one.key, width)}" width="360" alt="{one.says}">' for width in SHOWN]
        rows.append(f"| **{one.says}** <br> {WHO[one.who]} | {shown[0]} | {shown[1]} |")
    return "\n".join(rows) + "\n"


def _reasons() -> str:
    by_reason: dict[str, list[str]] = {}
    for name, reason in NO_PICTURE.items():
        by_reason.setdefault(reason, []).append(f"`{name}`")
    told = "\n".join(f"- {', '.join(names)}: {reason}." for reason, names in by_reason.items())
    return f"## Without a picture\n\n{told}\n"
