"""How the charter came to be what it is: each version, from when on, by which two people, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from django.db.models import F

from weizhi.charters.comparing import compare
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.models import CharterAdoption
from weizhi.places.models import Community

AT_MOST: Final = 6
SENTENCES_AT_MOST: Final = 12


@dataclass(frozen=True)
class Version:
    """A charter that was in force, or is."""

    since: datetime
    digest: str
    proposed_by: str
    confirmed_by: str
    changes: tuple[str, ...] = ()
    more: int = 0

    @property
    def mark(self) -> str:
        return self.digest[:8]


def versions(community: Community, now: datetime) -> list[Version]:
    """The newest first; what each changed is told but for the oldest of them. One query, once a process is warm."""
    rows = list(
        CharterAdoption.objects.filter(community=community, since__lte=now)
        .order_by("-since")
        .values(
            "since", "text_id", proposer=F("charterdraft__by__name"), confirmer=F("charterdraft__settled_by__name")
        )[: AT_MOST + 1]
    )
    told = []
    for row, before in zip_longest(rows, rows[1:]):
        said = changes(before["text_id"], row["text_id"]) if before else ()
        told.append(
            Version(
                row["since"], row["text_id"], row["proposer"] or "", row["confirmer"] or "",
                said[:SENTENCES_AT_MOST], max(0, len(said) - SENTENCES_AT_MOST),
            )
        )  # fmt: skip
    return told[:AT_MOST]


@lru_cache(maxsize=64)
def changes(old: str, new: str) -> tuple[str, ...]:
    """Two hashes never say anything else."""
    return tuple(compare(charter_by_hash(old), charter_by_hash(new)))
