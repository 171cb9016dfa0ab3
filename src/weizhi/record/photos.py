"""Photos as people send them, made safe to keep: real type, bounded size, no place and no device in them.

Nothing is stored as it came: every photo is decoded, turned upright, made small and written anew as JPEG, so
neither a position nor a hidden second file survives. The position is read first, only to offer a place.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 20 * 1024 * 1024
# A phone's sensor gives up to 50 megapixels as baseline JPEG, which is decoded at reduced scale. The other
# forms must be held whole in memory, several times over for WebP; together they stay under 300 MB.
LARGEST_PIXELS = {"JPEG": 50_000_000, "progressive JPEG": 20_000_000, "PNG": 20_000_000, "WEBP": 12_000_000}
SIDE, THUMBNAIL_SIDE = 2048, 480
QUALITY = 82
ACCEPTED = ("JPEG", "PNG", "WEBP")
SHANGHAI = ZoneInfo("Asia/Shanghai")
OTHERWISE = "或直接不带照片报。"


class PhotoRefused(ValueError):
    """The photo cannot be taken; the message says in plain Chinese what to do."""


@dataclass(frozen=True)
class Photo:
    """A photo that is safe to keep, its thumbnail, and what its file told before that was removed."""

    data: bytes
    thumbnail: bytes
    type: str
    width: int
    height: int
    gps: tuple[float, float] | None
    taken_at: datetime | None


def take(data: bytes, filename: str = "") -> Photo:
    """Check, strip and re-encode a photo; PhotoRefused says what the person can do."""
    if len(data) > LARGEST_BYTES:
        raise PhotoRefused(f"照片太大（{_megabytes(len(data))} MB）。请选小于 20 MB 的，{OTHERWISE}")
    _refuse_disguises(data, filename)
    try:
        with Image.open(BytesIO(data), formats=ACCEPTED) as image:
            _refuse_too_many_pixels(image)
            gps, taken_at = _told_by(image)
            upright = _upright(image)
    except PhotoRefused:
        raise
    except Image.DecompressionBombError as bomb:
        raise PhotoRefused(f"照片的像素太多。请选小一点的，{OTHERWISE}") from bomb
    except UnidentifiedImageError as unknown:
        raise PhotoRefused(f"这不是照片。请选 JPEG、PNG 或 WebP 格式的照片，{OTHERWISE}") from unknown
    except (OSError, SyntaxError, ValueError, EOFError) as broken:
        # Pillow raises all of these for files that end too early or contradict themselves.
        raise PhotoRefused(f"照片不完整，打不开。请重新选一次，{OTHERWISE}") from broken
    small = upright.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(_jpeg(upright), _jpeg(small), "image/jpeg", upright.width, upright.height, gps, taken_at)


def _refuse_disguises(data: bytes, filename: str) -> None:
    """Refuse what is also something else: drawings with scripts, pages, documents, archives."""
    head = data[:4096].lower()
    if b"<svg" in head or filename.lower().endswith((".svg", ".svgz")):
        raise PhotoRefused(f"SVG 图不能当照片用。请选拍的照片或截图，{OTHERWISE}")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis"):
        raise PhotoRefused(f"HEIC 格式的照片打不开。请在相机设置里选“兼容性最佳”，或截一张图再发，{OTHERWISE}")
    tail = data[-4096:].lower()
    scripted = any(mark in part for part in (head, tail) for mark in (b"<script", b"<html", b"<?php", b"<!doctype"))
    if scripted or b"%pdf-" in head[:1024] or zipfile.is_zipfile(BytesIO(data)):
        raise PhotoRefused(f"这个文件里还藏着别的内容，不能当照片用。请重新拍一张，{OTHERWISE}")


def _refuse_too_many_pixels(image: Image.Image) -> None:
    """Judge by the header, before anything is decoded."""
    form = "JPEG" if image.format == "MPO" else str(image.format)
    if form == "JPEG" and image.info.get("progressive"):
        form = "progressive JPEG"
    pixels, most = image.width * image.height, LARGEST_PIXELS[form]
    if pixels > most:
        raise PhotoRefused(f"照片的像素太多（{pixels // 10_000} 万）。请选小于 {most // 10_000} 万像素的，{OTHERWISE}")


def _upright(image: Image.Image) -> Image.Image:
    """Decode as small as will do, turn as the camera was held, and put transparency on white paper."""
    orientation = _exif(image).get(ExifTags.Base.Orientation)
    image.draft("RGB", (SIDE, SIDE))
    image.thumbnail((SIDE, SIDE))
    bare = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if bare.mode == "RGBA":
        paper = Image.new("RGB", bare.size, "white")
        paper.paste(bare, mask=bare.getchannel("A"))
        bare = paper
    bare.info = {}
    bare.getexif().clear()
    if orientation in range(2, 9):
        bare.getexif()[ExifTags.Base.Orientation] = orientation
        bare = ImageOps.exif_transpose(bare)
    return bare


def _jpeg(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, exif=b"", icc_profile=None)
    return written.getvalue()


def _exif(image: Image.Image) -> Mapping[int, Any]:
    try:
        return image.getexif()
    except Exception:  # damaged EXIF raises a dozen kinds of error; a photo without it is still a photo
        return {}


def _told_by(image: Image.Image) -> tuple[tuple[float, float] | None, datetime | None]:
    """Read position and time from the file; damaged metadata counts as none."""
    try:
        exif = image.getexif()
        gps = _position(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # as above
        return None, None
    try:
        return gps, _taken_at(exif.get_ifd(ExifTags.IFD.Exif))
    except Exception:  # as above
        return gps, None


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    # A comparison with NaN is false: a position divided by zero is none.
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(parts: Any, reference: Any, negative: str) -> float | None:
    if parts is None:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    found = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -found if str(reference).strip("\x00 ").upper() == negative else found


def _taken_at(exif: Mapping[int, Any]) -> datetime | None:
    text = exif.get(ExifTags.Base.DateTimeOriginal)
    if not text:
        return None
    offset = str(exif.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
    taken = datetime.strptime(str(text).strip("\x00 ") + (offset or "+08:00"), "%Y:%m:%d %H:%M:%S%z")
    return taken.astimezone(SHANGHAI)


def _megabytes(size: int) -> int:
    return -(-size // (1024 * 1024))
