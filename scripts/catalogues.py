"""Compile the message catalogues (*.po → *.mo) where they changed.

With Babel, so that a machine that only runs Weizhi needs no gettext package of its operating system.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src"


def compile_catalogue(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return False
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name, domain=po.stem, abort_invalid=True)
    with mo.open("wb") as target:
        write_mo(target, catalogue)
    return True


if __name__ == "__main__":
    for path in sorted(SOURCE.rglob("LC_MESSAGES/*.po")):
        if compile_catalogue(path):
            print(f"==> Compiled {path.relative_to(SOURCE.parent)}", flush=True)
