"""What a telephone must load before it can report, in the demo's community of 1,200 homes and 3,000 people."""

import gzip
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from weizhi.cases.founding import PEOPLE, found
from weizhi.cases.language import ZONE
from weizhi.people.models import Person
from weizhi.record.models import Origin
from weizhi.record.origin import made_as

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
WHOLE, PAGE = 60_000, 10_000  # bytes as they travel; 150 kB is what may never be passed
LOADED = re.compile(r'(?:<link[^>]* rel="stylesheet"[^>]* href|<link[^>]* rel="icon"[^>]* href|src)="/static/([^"#?]+)')
DRAWN = re.compile(r'<use href="/static/([^"#?]+)')
INSIDE = re.compile(r'url\("?([^")]+)')


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def file_of(name: str) -> Path:
    found_at = finders.find(name)
    assert isinstance(found_at, str), name
    return Path(found_at)


def loaded_by(page: str) -> set[Path]:
    """Style sheets, scripts and pictures that the page names, and what the style sheets name."""
    files = {file_of(name) for name in [*LOADED.findall(page), *DRAWN.findall(page)]}
    for sheet in [file for file in files if file.suffix == ".css"]:
        files |= {(sheet.parent / name).resolve() for name in INSIDE.findall(sheet.read_text(encoding="utf-8"))}
    return files


@pytest.mark.usefixtures("db")
def test_reporting_is_light_for_everybody(tmp_path, settings):
    settings.FILES, settings.IMPORTS = tmp_path / "files", tmp_path / "imports"
    made_as(Origin.MadeAs.DEMO, NOW)
    cast = found(NOW, frozenset()).people
    assert Person.objects.count() == PEOPLE
    for login in ("lin", "zhou", "wang", "chen"):
        client = Client()
        client.force_login(cast[login])
        for name in ["report"] if login == "lin" else ["report", "record-for"]:
            page = client.get(reverse(f"portal:{name}")).content
            files = loaded_by(page.decode())
            assert {"tokens.css", "portal.js", "icons.svg"} <= {file.name for file in files}
            assert any(file.name.startswith("htmx") for file in files)
            assert all(file.is_file() for file in files)
            own, rest = weight(page), sum(weight(file.read_bytes()) for file in files)
            print(f"{name} as {login}: {own:,} + {rest:,} bytes, {len(files)} files")
            assert own <= PAGE and own + rest <= WHOLE
