"""Pieces that tell of money and points: the way of a gift, a passbook. See `portal.pieces`."""

from dataclasses import dataclass
from typing import ClassVar

from weizhi.portal.pieces import Piece


@dataclass(frozen=True, slots=True)
class MoneyLink:
    what: str
    amount: str
    sub: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class MoneyPath(Piece):
    template: ClassVar[str] = "money_path"
    links: tuple[MoneyLink, ...]


@dataclass(frozen=True, slots=True)
class PassbookLine:
    day: str
    what: str
    amount: str
    balance: str
    came_in: bool = True


@dataclass(frozen=True, slots=True)
class Passbook(Piece):
    template: ClassVar[str] = "passbook"
    holder: str
    unit: str
    lines: tuple[PassbookLine, ...]
    balance: str
