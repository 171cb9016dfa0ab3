"""The file store: bytes under their hash. What a part of the record names is kept; erasing a part deletes its bytes."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from weizhi.record.photos import Photo


def keep(photo: Photo) -> dict[str, Any]:
    """Write a photo and its thumbnail; returns what the record says of it."""
    return {
        "hash": _write(photo.data),
        "thumb": _write(photo.thumbnail),
        "type": photo.type,
        "width": photo.width,
        "height": photo.height,
        "size": len(photo.data),
    }


def path_of(digest: str) -> Path:
    """Where the bytes of a hash lie. The hash is hexadecimal: nothing else becomes a path."""
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise ValueError("not a file hash")
    return Path(settings.FILES) / digest[:2] / digest


def delete(digest: str) -> None:
    path_of(digest).unlink(missing_ok=True)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(data: bytes) -> str:
    """Whole or not at all: written beside and moved into place. Returns the hash."""
    name = digest(data)
    target = path_of(name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, target)
    return name
