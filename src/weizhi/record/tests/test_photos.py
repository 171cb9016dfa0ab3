import random
import struct
import subprocess
import sys
import zipfile
import zlib
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from weizhi.record.photos import LARGEST_BYTES, SIDE, THUMBNAIL_SIDE, PhotoRefused, take

# Pillow warns of the damage and the bombs that these tests plant.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning")


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Draw a picture whose upper left corner is red, so that one sees which way up it is."""
    drawn = Image.new(mode, size, "white")
    drawn.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    return drawn


def written(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif_of(orientation: int = 1, latitude: object = (Fraction(32), Fraction(3), Fraction(36))) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Canary Phone"
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: latitude,
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (118.0, 47.0, 24.0),
    }
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:03:06 10:15:00"}
    return exif


def read(data: bytes) -> Image.Image:
    opened = Image.open(BytesIO(data))
    opened.load()
    return opened


def is_red(image: Image.Image, x: float, y: float) -> bool:
    pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    return pixel[0] > 180 and pixel[1] < 90


def test_place_and_time_are_read_and_then_gone() -> None:
    planted = written(picture(), exif=exif_of(), xmp=b"<x:xmpmeta>GPSLatitude canary</x:xmpmeta>", comment=b"canary")
    assert b"Canary" in planted
    photo = take(planted, "IMG_1.jpg")
    assert photo.gps == (32.06, 118.79)
    assert photo.taken_at == datetime(2026, 3, 6, 10, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    for kept in (photo.data, photo.thumbnail):
        assert not dict(read(kept).getexif())
        for trace in (b"Exif", b"GPS", b"anary", b"xmpmeta", b"ICC_PROFILE"):
            assert trace not in kept


def test_place_in_a_png_is_gone_too() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Location", "canary")
    photo = take(written(picture(), "PNG", exif=exif_of(), pnginfo=told))
    assert photo.gps == (32.06, 118.79)
    assert b"canary" not in photo.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_stands_upright(orientation: int) -> None:
    """What the camera stored turned is turned back: the red corner is where a viewer would show it."""
    turned_back = {1: [], 2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}
    stored = picture((400, 300))
    for method in turned_back[orientation]:
        stored = stored.transpose(Image.Transpose(method))
    photo = take(written(stored, exif=exif_of(orientation)))
    assert (photo.width, photo.height) == (400, 300)
    assert is_red(read(photo.data), 0.1, 0.1)
    assert not is_red(read(photo.data), 0.9, 0.9)
    assert is_red(read(photo.thumbnail), 0.1, 0.1)


@pytest.mark.parametrize(("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"),
                                            ("PNG", "LA"), ("WEBP", "RGB"), ("WEBP", "RGBA")])  # fmt: skip
def test_every_accepted_form_becomes_a_jpeg(form: str, mode: str) -> None:
    drawn = picture().convert("L").convert("I").convert(mode) if mode == "I;16" else picture().convert(mode)
    photo = take(written(drawn, form))
    assert photo.type == "image/jpeg"
    assert read(photo.data).format == "JPEG"
    assert read(photo.data).mode == "RGB"


def test_large_photo_is_made_small() -> None:
    photo = take(written(picture((5000, 3000))))
    assert (photo.width, photo.height) == (SIDE, 1229)
    assert read(photo.data).size == (photo.width, photo.height)
    assert max(read(photo.thumbnail).size) == THUMBNAIL_SIDE


def test_small_photo_is_not_blown_up() -> None:
    assert read(take(written(picture((90, 60)))).data).size == (90, 60)


def test_transparency_lies_on_white() -> None:
    photo = read(take(written(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")).data)
    assert photo.getpixel((25, 25)) == (255, 255, 255)


def refused(data: bytes, filename: str = "") -> str:
    with pytest.raises(PhotoRefused) as caught:
        take(data, filename)
    message = str(caught.value)
    assert message.endswith("或直接不带照片报。")
    return message


def test_too_large_says_what_to_do() -> None:
    data = written(picture()) + bytes(32 * 1024 * 1024 - len(written(picture())))
    assert refused(data) == "照片太大（32 MB）。请选小于 20 MB 的，或直接不带照片报。"
    assert refused(bytes(LARGEST_BYTES + 1)).startswith("照片太大（21 MB）")


@pytest.mark.parametrize(
    "svg",
    [b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
     b'<?xml version="1.0"?>\n<!-- x -->\n<SVG/>'],
)  # fmt: skip
def test_svg_is_refused(svg: bytes) -> None:
    assert "SVG" in refused(svg, "lamp.jpg")
    assert "SVG" in refused(zlib.compress(svg), "lamp.svgz")


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "rm -rf /")
    return out.getvalue()


@pytest.mark.parametrize(
    "polyglot",
    [
        written(picture()) + zipped(),
        written(picture(), comment=b"<script>alert(1)</script>"),
        written(picture()) + b"<?php system($_GET[0]); ?>",
        written(picture(), "PNG") + b"<html><script src=//x></script>",
        written(picture(), comment=b"%PDF-1.7"),
    ],
)
def test_polyglots_are_refused(polyglot: bytes) -> None:
    assert "藏着别的内容" in refused(polyglot, "lamp.jpg")


def test_what_hangs_on_behind_a_photo_is_not_kept() -> None:
    """A phone's motion photo carries a film behind the picture: the picture is taken, the film is not."""
    photo = take(written(picture()) + b"\x00\x00\x00\x18ftypmp42" + b"canary" * 50)
    assert b"canary" not in photo.data


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"GIF89a" + bytes(50), b"MZ" + bytes(99), b"%!PS-Adobe", b"BM" + bytes(60)]
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert "不是照片" in refused(data, "lamp.jpg")


def test_heic_is_explained() -> None:
    assert "HEIC" in refused(b"\x00\x00\x00\x18ftypheic" + bytes(40), "IMG_2.HEIC")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_truncated_files_are_refused(form: str) -> None:
    noise = Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000))
    data = written(noise, form)
    for share in (0.3, 0.6, 0.9):
        assert refused(data[: int(len(data) * share)])


def test_random_damage_is_refused_or_taken_but_never_an_accident() -> None:
    chance = random.Random(7)
    for form in ("JPEG", "PNG", "WEBP"):
        whole = written(picture((120, 90)), form, exif=exif_of())
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 12)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                assert read(take(bytes(damaged)).data).format == "JPEG"
            except PhotoRefused:
                continue


def png_of(width: int, height: int) -> bytes:
    """Write a PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (2_000_000, 30), (20_000, 1_001)])
def test_bombs_are_refused_by_their_header(size: tuple[int, int]) -> None:
    assert "像素太多" in refused(png_of(*size))


def test_damaged_place_is_no_place() -> None:
    for latitude in ((float("nan"),) * 3, (95.0, 0.0, 0.0), (1.0,), "north"):
        exif = exif_of()
        try:
            data = written(picture(), exif=exif_of(latitude=latitude))
        except (ValueError, TypeError, struct.error):
            data = written(picture(), exif=exif.tobytes()[:60])
        assert take(data).gps is None


# VmHWM, not ru_maxrss: the latter also counts the peak of the process that started this one, a large test run.
MEASURE = """
import re, sys
from pathlib import Path
from weizhi.record.photos import take
take(Path(sys.argv[1]).read_bytes())
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.parametrize(
    ("form", "mode", "size", "options"),
    [
        ("JPEG", "RGB", (8160, 6120), {"subsampling": 0}),
        ("JPEG", "RGB", (5160, 3870), {"subsampling": 0, "progressive": True}),
        ("PNG", "RGBA", (5160, 3870), {"compress_level": 1}),
        ("WEBP", "RGBA", (4000, 2999), {"quality": 30, "method": 0}),
    ],
)
def test_memory_stays_under_300_megabytes(
    tmp_path: Path, form: str, mode: str, size: tuple[int, int], options: dict[str, object]
) -> None:
    largest = tmp_path / "largest"
    largest.write_bytes(written(picture(size, mode), form, **options))
    told = subprocess.run([sys.executable, "-c", MEASURE, largest], capture_output=True, text=True, check=True)
    assert int(told.stdout) < 300
