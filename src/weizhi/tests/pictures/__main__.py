"""``make pictures``: build the demo in a temporary home, serve it, and write docs/images anew."""

import argparse
import tempfile
from pathlib import Path

from weizhi.tests.pictures import demo


def main() -> int:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--to", type=Path, default=Path("docs/images"), help="the folder of the pictures")
    parser.add_argument("--only", default="", help="pages whose names begin so, one or several with commas")
    parser.add_argument("--width", action="append", help="phone, desk (both unless told), narrow")
    parser.add_argument("--home", help="keep the demo here, and use it again the next time")
    parser.add_argument("--no-axe", dest="axe", action="store_false", help="pictures only")
    arguments = parser.parse_args()
    if arguments.home:
        return take(arguments.home, arguments)
    with tempfile.TemporaryDirectory(prefix="weizhi-pictures-", ignore_cleanup_errors=True) as home:
        return take(home, arguments)


def take(home: str, arguments: argparse.Namespace) -> int:
    """Every page; the number of pages with a fault is the answer."""
    demo.prepare_environment(home)
    print("==> the demo, as it always is at the same moment", flush=True)
    demo.make()
    from weizhi.tests.browser import chromium
    from weizhi.tests.pictures import sheet
    from weizhi.tests.pictures.round import Round

    arguments.to.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, demo.serving() as base:
        walk = Round(browser, base, arguments.to, tuple(arguments.width or ("phone", "desk")), arguments.axe)
        wrong = walk.all(tuple(arguments.only.split(",")))
    (arguments.to / "README.md").write_text(sheet.written(), encoding="utf-8")
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
