"""Two counters: the key of a box is split when the vote opens, and both halves come together at the count alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from weizhi.decisions.models import CountingKey, KeyShare, Vote
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene, token_of
from weizhi.people.models import Holding
from weizhi.people.vault import keyring
from weizhi.secrets.ballots import Opener, Unreadable, seal, size_for
from weizhi.secrets.shares import KEY_BYTES, joined, key_of, split

AWAITED: Final = "counters-awaited"  # the verb; in the step's memory: until when they may come


def counters_of(vote: Vote) -> list[str]:
    """The posts of which two people together open this box; none where it opens by itself."""
    return list(vote.rule.get("counters", ()))


def key_seal(person: UUID, public: bytes, salt: bytes) -> str:
    return keyring().blind(f"{person}:{public.hex()}:{salt.hex()}", "decisions.CountingKey")


def share_out(scene: Scene, row: StepRow, vote: Vote, private: bytes) -> None:
    """Seal a half to each holder of the one post, the other half to each of the other. Raises Refused."""
    rows: list[KeyShare] = []
    one, other = (_keys(scene, row, post) for post in counters_of(vote))
    for post, half, found in zip(counters_of(vote), split(private), _apart(one, other), strict=True):
        if not found:
            title = scene.name_title(post)
            raise Refused(
                "not-yet",
                f"这次投票要两个人一起开票，可是还没有一位{title}设好开票口令（两个职务也不能是同一个人），所以开不了。"
                f"请{title}先在“投票”页里设开票口令。",
                line=f"{scene.charter.name}: electorates.{vote.roll.electorate}.counters",
            )
        rows += [_share(vote, post, scene.name_title(post), key, half) for key in found]
    KeyShare.objects.bulk_create(rows)


def _apart(one: list[CountingKey], other: list[CountingKey]) -> tuple[list[CountingKey], list[CountingKey]]:
    """Nobody has both halves: who holds both posts comes for the one that has nobody else, first of all the first."""
    both = {key.person_id for key in one} & {key.person_id for key in other}
    first, second = ([key for key in keys if key.person_id not in both] for keys in (one, other))
    for key in one:
        if key.person_id in both:
            (second if first and not second else first).append(key)
    return first, second


def _keys(scene: Scene, row: StepRow, post: str) -> list[CountingKey]:
    """The counting keys of those who hold the post where this step stands, as they themselves set them."""
    step = scene.procedure.steps[row.key]
    paths = [
        key.partition("@")[2] for key in scene.keys((post,), step, token_of(row)) if key.startswith(f"post:{post}@")
    ]
    held = Holding.objects.open_at(scene.now).filter(post=post, place__path__in=paths).values("person")
    keys = CountingKey.objects.filter(person__in=held).order_by("person")
    return [one for one in keys if one.seal == key_seal(one.person_id, bytes(one.public), bytes(one.salt))]


def _share(vote: Vote, post: str, title: str, key: CountingKey, half: bytes) -> KeyShare:
    share = KeyShare(vote=vote, post=post, title=title, person_id=key.person_id, salt=bytes(key.salt))
    sealed = seal(half, size_for(KEY_BYTES), bytes(key.public), _bound(share))
    share.sealed = keyring().encrypt(sealed.hex(), _identity(share, "sealed"))
    return share


def opened_by(share: KeyShare, passphrase: str) -> bytes:
    """The half, by the passphrase. Raises Unreadable where it is another one."""
    private, _public = key_of(passphrase, bytes(share.salt))
    sealed = bytes.fromhex(keyring().decrypt(bytes(share.sealed), _identity(share, "sealed")))
    return Opener(private).open(sealed, _bound(share))


def keep_open(share: KeyShare, half: bytes, at: datetime) -> None:
    """Keep the half under the key file until the other counter has come."""
    share.opened, share.opened_at, share.wrong = keyring().encrypt(half.hex(), _identity(share, "opened")), at, 0
    share.save(update_fields=["opened", "opened_at", "wrong"])


def is_shut(vote: Vote) -> bool:
    """Whether one of the two is still waited for."""
    return len(_open_halves(vote)) < len(counters_of(vote))


def joined_key(vote: Vote) -> bytes:
    """The private half of the vote, once both have come. Raises Unreadable where they have not."""
    halves = _open_halves(vote)
    if set(halves) != set(counters_of(vote)):
        raise Unreadable("两位开票人还没有到齐。")
    one, other = (
        bytes.fromhex(keyring().decrypt(bytes(share.opened or b""), _identity(share, "opened")))
        for share in halves.values()
    )
    return joined(one, other)


def erase(vote: Vote) -> None:
    KeyShare.objects.filter(vote=vote).delete()


@dataclass
class Awaited:
    """One of the two posts: who may come for it, and whether somebody has."""

    title: str = ""
    names: str = ""
    came: bool = False
    people: tuple[UUID, ...] = ()


def waiting(vote: Vote) -> Sequence[Awaited]:
    """For the page, in the charter's order. One query."""
    found = {post: Awaited() for post in counters_of(vote)}
    for share in KeyShare.objects.filter(vote=vote).select_related("person").defer("sealed").order_by("person"):
        one = found[share.post]
        one.title, one.came = share.title, one.came or share.opened is not None
        one.names = "、".join(name for name in (one.names, share.person.name) if name)
        one.people = (*one.people, share.person_id)
    return list(found.values())


def _open_halves(vote: Vote) -> dict[str, KeyShare]:
    """Post → a half that somebody has opened."""
    rows = KeyShare.objects.filter(vote=vote, opened__isnull=False).order_by("opened_at")
    return {share.post: share for share in rows}


def _bound(share: KeyShare) -> bytes:
    return f"counter-share:{share.vote_id}:{share.post}:{share.person_id}".encode()


def _identity(share: KeyShare, column: str) -> str:
    return f"decisions.KeyShare:{share.pk}:{share.vote_id}:{share.person_id}:{column}"
