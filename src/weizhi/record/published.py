"""The lines of an exported record and of a root file, as docs/record-format.md specifies them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .canonical import canonical, instant
from .leaves import FORMAT, commitment

ROOT_FORMAT = "weizhi-root-1"


@dataclass(frozen=True)
class Part:
    """A part of an entry: shown with its salt, or only committed to because it is withheld or erased."""

    commitment: bytes
    salt: bytes | None = None
    value: Any = None
    erased: bool = False

    @classmethod
    def shown(cls, salt: bytes, value: Any) -> "Part":
        """Show a part, so that anybody can compute its commitment."""
        return cls(commitment(salt, value), salt, value)

    @property
    def withheld(self) -> "Part":
        """Return the same part without what it says."""
        return Part(self.commitment, erased=self.erased)

    def row(self) -> dict[str, Any]:
        """Return the part as it stands in a line."""
        if self.salt is not None:
            return {"salt": self.salt.hex(), "value": self.value}
        return {"commitment": self.commitment.hex(), **({"erased": True} if self.erased else {})}


@dataclass(frozen=True)
class PublishedEntry:
    """An entry of an exported record; index and leaf are None in the unsealed tail."""

    stream: bytes
    n: int
    verb: str
    at_minute: str
    parts: Mapping[str, Part]
    index: int | None = None
    leaf: bytes | None = None

    def line(self) -> bytes:
        """Return the entry's line."""
        return canonical(
            {
                "type": "entry",
                "index": self.index,
                "leaf": self.leaf.hex() if self.leaf else None,
                "stream": self.stream.hex(),
                "n": self.n,
                "verb": self.verb,
                "minute": self.at_minute,
                "parts": {name: part.row() for name, part in self.parts.items()},
            }
        )


@dataclass(frozen=True)
class RootStatement:
    """What a root says: this community's log had this many entries, and they hash to this."""

    community: UUID
    size: int
    root: bytes
    at: datetime
    made_as: str

    def signed_bytes(self) -> bytes:
        """Return what the signature signs."""
        return canonical({"format": ROOT_FORMAT, **self._row()})

    def file_row(self, *, signature: bytes, key_id: str, public_key: bytes) -> dict[str, Any]:
        """Return the root file: what is published and kept elsewhere."""
        key = {"key_id": key_id, "public_key": public_key.hex(), "signature": signature.hex()}
        return {"format": ROOT_FORMAT, **self._row(), **key}

    def _row(self) -> dict[str, Any]:
        return {
            "community": str(self.community),
            "size": self.size,
            "root": self.root.hex(),
            "at": instant(self.at),
            "made_as": self.made_as,
        }


def header_line(
    *, community: UUID, slug: str, name: str, made_as: str, at: datetime, entries: int, sealed: int
) -> bytes:
    """Return the first line of a record."""
    return canonical(
        {
            "type": "header",
            "format": FORMAT,
            "community": community,
            "slug": slug,
            "name": name,
            "made_as": made_as,
            "at": at,
            "entries": entries,
            "sealed": sealed,
        }
    )


def root_line(file_row: Mapping[str, Any]) -> bytes:
    """Return the line of a root within a record."""
    return canonical({"type": "root", **file_row})
