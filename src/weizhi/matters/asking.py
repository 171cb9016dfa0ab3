"""Read an act as somebody sends it: who, in which post, what exactly; the same request always has the same hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from weizhi.matters.recorded import Recorded
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Act
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.record.actions.answered import KeyReused, answered
from weizhi.record.files import digest
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock
from weizhi.record.photos import Photo

PHOTOS_AT_MOST = 9


def asked(
    verb: str,
    *,
    by: Person,
    target: str,
    data: Mapping[str, Any],
    outcome: str | None,
    evidence: Sequence[Photo],
    key: str | None,
    at: datetime | None,
    told_at: datetime | None,
    on_behalf_of: Person | None,
    recorded: Recorded | None = None,
    who: Standing | None = None,
    present: Standing | None = None,
) -> Act:
    """An act to be judged. A query for the standing of each person, unless the caller has it already."""
    now = the_clock(at)
    if len(evidence) > PHOTOS_AT_MOST:
        raise Refused("bad-data", f"一次最多 {PHOTOS_AT_MOST} 张照片。请少选几张。", field="photos")
    request = {
        "verb": verb,
        "target": target,
        "outcome": outcome,
        "data": {name: value for name, value in sorted(data.items()) if value not in ("", None)},
        "photos": [digest(photo.data) for photo in evidence],
        "for": str(on_behalf_of.pk) if on_behalf_of else None,
    } | ({"recorded": recorded.told} if recorded else {})
    canonical = json.dumps(request, ensure_ascii=False, sort_keys=True, default=str)
    return Act(
        verb=verb,
        at=now,
        by=by,
        who=who or standing(by, now),
        outcome=outcome or None,
        raw=dict(data),
        evidence=tuple(evidence),
        on_behalf_of=on_behalf_of,
        present=(present or standing(on_behalf_of, now)) if on_behalf_of else None,
        recorded=recorded,
        told_at=told_at,
        key=key,
        request_hash=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def sent_before(act: Act) -> Entry | None:
    """The entry of the same request under the same key, or a clear refusal when the key was another request's."""
    if act.key is None or act.by is None:
        return None
    try:
        return answered(act.by.pk, act.key, act.request_hash)
    except KeyReused:
        raise Refused("key-reused", "这一次提交的编号已经用过，但内容不一样。请刷新页面再发。") from None


def take_post(act: Act, keys: Sequence[str], as_post: UUID | None) -> None:
    """Note in which post the person acts: the one named, else the one that the step asks for."""
    if as_post is not None:
        post = next((post for post in act.who.posts if post.holding_id == as_post), None)
        if post is None:
            raise Refused("not-yours", "您现在不担任这个职务。请换一个身份再试。")
    else:
        post = act.who.holding_for(keys)
    if post is not None:
        act.holding_id = post.holding_id
