"""What may stand on a ballot: the form, its options, and one plain way to write a choice. Pure.

A choice is a list of option keys whatever the form: ["yes"], ["2"], ["3", "1"], [] for a blank election paper. Its
bytes are short and of bounded length, so that every envelope of a vote is equally long.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

Form = Literal["yes-no", "choice", "ranking", "approve"]
YES, NO, ABSTAIN, FOLLOW = "yes", "no", "abstain", "follow"
SIDES = {YES: "同意", NO: "反对", ABSTAIN: "弃权"}


class BadChoice(ValueError):
    """What was chosen cannot stand on this ballot; the message says what to do."""


@dataclass(frozen=True)
class Option:
    key: str
    title: str


@dataclass(frozen=True)
class Paper:
    """The ballot as it is printed and shown: its form, options in order, and how many may be chosen."""

    form: Form
    options: tuple[Option, ...]
    at_most: int = 1

    @classmethod
    def from_brief(cls, brief: Mapping[str, Any]) -> "Paper":
        """The paper of a vote's frozen brief."""
        options = tuple(Option(row["key"], row["title"]) for row in brief["options"])
        return cls(brief["form"], options, brief["at_most"])

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Each option's title by its key, in the order of the paper."""
        return {option.key: option.title for option in self.options}

    def checked(self, chosen: Sequence[str]) -> tuple[str, ...]:
        """The choice as it is kept. Raises BadChoice."""
        known, once = self.titles, set(chosen)
        for key in chosen:
            if key not in known:
                raise BadChoice(f"票上没有“{key}”这一项。请从票上的选项里选。")
        if len(once) != len(chosen):
            raise BadChoice("同一项只能选一次。")
        if self.form in ("yes-no", "choice") and len(chosen) != 1:
            raise BadChoice(f"请选一项：{'、'.join(known.values())}。")
        if self.form == "ranking" and not chosen:
            raise BadChoice("请至少把一项排在第一位。")
        if len(chosen) > self.at_most:
            raise BadChoice(
                f"最多选 {self.at_most} 项，您选了 {len(chosen)} 项。请去掉 {len(chosen) - self.at_most} 项。"
            )
        # Which was ticked first is nobody's business where order means nothing.
        return tuple(chosen) if self.form == "ranking" else tuple(key for key in known if key in once)

    def words(self, chosen: Sequence[str]) -> str:
        """A choice as people read it."""
        said = [self.titles[key] for key in chosen]
        return " → ".join(said) if self.form == "ranking" else "、".join(said) or "空白票"

    @property
    def longest(self) -> int:
        """The most bytes that a choice of this paper takes."""
        keys = sorted((option.key for option in self.options), key=len, reverse=True)[: max(self.at_most, 1)]
        return len(packed(keys))


def packed(chosen: Sequence[str]) -> bytes:
    """The bytes that are sealed."""
    return json.dumps(list(chosen), ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(plain: bytes) -> list[str]:
    """What was sealed. Raises BadChoice where it is no choice."""
    try:
        found = json.loads(plain)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(key, str) for key in found):
        raise BadChoice("票里的内容读不懂。")
    return found


def yes_no() -> Paper:
    """Agree, object, abstain: who abstains takes part (民法典 278), who hands in nothing does not."""
    return Paper("yes-no", tuple(Option(key, title) for key, title in SIDES.items()))


def with_follow(paper: Paper) -> Paper:
    """The same paper with 随多数 on it, where the place's rule lets owners go with the majority."""
    if paper.form != "yes-no" or any(option.key == FOLLOW for option in paper.options):
        return paper
    return replace(paper, options=(*paper.options, Option(FOLLOW, "随多数")))
