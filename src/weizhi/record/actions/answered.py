"""Answer an act that was sent before: phones that lost the network send again freely."""

from uuid import UUID

from weizhi.record.models import Entry


class KeyReused(Exception):
    """The key was used before for something else."""


def answered(actor: UUID, key: str, request_hash: str) -> Entry | None:
    """The entry recorded under this person's key, if the request is the same; another person's key never matches."""
    entry = Entry.objects.filter(actor=actor, key=key).select_related("stream").first()
    if entry is not None and entry.request_hash != request_hash:
        raise KeyReused(key)
    return entry
