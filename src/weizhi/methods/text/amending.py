"""What an edition changes of the one before, by the names of its articles; and since which each reads as it does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weizhi.methods.text.articles import Article


@dataclass(frozen=True)
class Amended:
    """Names of articles, each in one of the three."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def amended(before: Sequence[Article], after: Sequence[Article]) -> Amended:
    """Compare two editions article by article."""
    old = {one.name: one.words for one in before}
    now = {one.name: one.words for one in after}
    return Amended(
        new=tuple(name for name in now if name not in old),
        changed=tuple(name for name, words in now.items() if name in old and old[name] != words),
        gone=tuple(name for name in old if name not in now),
    )


def reads_so_since(editions: Iterable[tuple[int, Amended]]) -> Mapping[str, int]:
    """Since which edition each article that stands reads as it does. The first edition comes first."""
    since: dict[str, int] = {}
    for n, one in editions:
        since |= dict.fromkeys((*one.new, *one.changed), n)
        for name in one.gone:
            since.pop(name, None)
    return since
