"""``weizhi community``: what concerns a community as a whole."""

import argparse
import sys
from pathlib import Path
from typing import Any

from weizhi.cli.community import moving


def register(sub: Any) -> None:
    community = sub.add_parser("community", help="A community as a whole: QR sheets for its walls, moving house")
    verbs = community.add_subparsers(metavar="VERB", required=True)
    qr = verbs.add_parser("qr", help="QR sheets for buildings and spaces as PDF: scanned, they open the report there")
    qr.add_argument("--community", metavar="SLUG", help="which; may be left out where there is only one")
    qr.add_argument("--kind", action="append", choices=("building", "stairwell", "space", "estate"))
    qr.add_argument("--under", default="", metavar="CODE", help="only of this estate or building")
    qr.add_argument("--layout", choices=("cards", "posters"), default="cards", help="six a page, or one a page")
    qr.add_argument("--out", type=Path, metavar="FILE", help="where to (default: qr-SLUG.pdf)")
    qr.set_defaults(run=run_qr)
    export = verbs.add_parser("export", help="Write one community as a folder that another database can take in")
    export.add_argument("--community", metavar="SLUG", help="which; may be left out where there is only one")
    export.add_argument("--out", type=Path, metavar="FOLDER", help="where to (default: community-SLUG)")
    export.set_defaults(run=moving.run_export)
    bring = verbs.add_parser("import", help="Take in a community that was exported elsewhere; its record is verified")
    bring.add_argument("folder", type=Path, metavar="FOLDER")
    bring.add_argument("--keys", type=Path, metavar="FILE", help="the key file of where it comes from, if it differs")
    bring.set_defaults(run=moving.run_import)


def run_qr(arguments: argparse.Namespace) -> int:
    from weizhi.census.signs import NoSigns, address_of, only_here, sheet, signs_of
    from weizhi.cli.community.asking import CannotTell, community_named

    try:
        community = community_named(arguments.community)
        signs = signs_of(community, arguments.kind or ("building", "space"), arguments.under)
    except (CannotTell, NoSigns) as error:
        print(f"weizhi community qr：{error}", file=sys.stderr)
        return 1
    out = arguments.out or Path(f"qr-{community.slug}.pdf")
    out.write_bytes(sheet(community, signs, arguments.layout))
    print(f"写好了 {out}：{len(signs)} 张。")
    if only_here():
        print(
            f"注意：二维码里是 {address_of('…')}，手机打不开。请先把 WEIZHI_ADDRESS 设成大家用的网址，再做一次。",
            file=sys.stderr,
        )
    return 0
