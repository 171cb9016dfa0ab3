"""Photos of a form: taken safely, and kept over a refusal so that nobody has to choose them twice."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.refused import Refused
from weizhi.portal import pieces
from weizhi.record.files import keep, path_of
from weizhi.record.photos import LARGEST_BYTES, Photo, PhotoRefused, take

FIELD: Final = "photos"
SALT: Final = "weizhi.kept-photo"
KEPT_FOR: Final = 24 * 3600
AT_MOST: Final = 9


def photos_from(request: HttpRequest) -> list[Photo]:
    """The photos of this form, newly sent and kept from the last try. Raises Refused."""
    sent = [file for name in request.FILES for file in request.FILES.getlist(name)]
    kept = [value for name in request.POST if name.startswith("kept_") for value in request.POST.getlist(name)]
    if len(sent) + len(kept) > AT_MOST:
        raise Refused("bad-data", _("一次最多 %(n)s 张照片。请少选几张。") % {"n": AT_MOST}, field=FIELD)
    person = str(request.user.pk)
    return [*(photo for token in kept if (photo := _kept(token, person))), *map(_taken, sent)]


def _taken(file: UploadedFile) -> Photo:
    size = file.size or 0
    if size > LARGEST_BYTES:  # said by its size, before it is read into memory
        words = _("照片太大（%(size)s MB）。请选小于 20 MB 的，或直接不带照片报。")
        raise Refused("bad-data", words % {"size": -(-size // (1024 * 1024))}, field=FIELD)
    try:
        return take(file.read(), file.name or "")
    except PhotoRefused as refused:
        raise Refused("bad-data", str(refused), field=FIELD) from None


def photos_named(tokens: Iterable[str], person: str) -> list[Photo]:
    """Photos that were sent before, by the words that were given for them. Raises Refused."""
    found = [_kept(token, person) for token in tokens]
    if None in found:
        raise Refused("bad-data", _("照片的编号不对，或已经过了一天。请重新上传。"), field="evidence")
    return [photo for photo in found if photo is not None]


def keep_for_next_try(photos: Iterable[Photo], person: str) -> tuple[pieces.Photo, ...]:
    """Write the photos to the file store and hand the person a signed word for each."""
    words = [word_for(photo, person) for photo in photos]
    return tuple(pieces.Photo(reverse("portal:draft", args=[word]), _("您刚才选的照片"), key=word) for word in words)


def word_for(photo: Photo, person: str) -> str:
    """Keep the photo for a day under a signed word that only this person may use."""
    told = keep(photo)
    return signing.dumps([person, told["hash"], told["thumb"], photo.width, photo.height], salt=SALT)


def _read(token: str, person: str) -> Sequence[object] | None:
    """What a signed word says, if it is this person's and still fresh."""
    try:
        said = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return said if said[0] == person else None


def thumbnail(token: str, person: str) -> bytes | None:
    said = _read(token, person)
    path = path_of(str(said[2])) if said else None
    return path.read_bytes() if path and path.exists() else None


def _kept(token: str, person: str) -> Photo | None:
    said = _read(token, person)
    if said is None:
        return None
    data, small = path_of(str(said[1])), path_of(str(said[2]))
    if not data.exists() or not small.exists():
        return None
    width, height = int(str(said[3])), int(str(said[4]))
    return Photo(data.read_bytes(), small.read_bytes(), "image/jpeg", width, height, None, None)
