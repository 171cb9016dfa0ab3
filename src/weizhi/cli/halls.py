"""``weizhi halls draw``: draw the maps of online halls that wait for it; the worker starts this by itself."""

import argparse
from typing import Any


def register(sub: Any) -> None:
    halls = sub.add_parser("halls", help="Online halls: draw their maps")
    verbs = halls.add_subparsers(metavar="VERB", required=True)
    draw = verbs.add_parser("draw", help="Draw every map that waits for it (the worker starts this by itself)")
    draw.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    from weizhi.deliberation.actions.draw_halls import draw_halls

    draw_halls()
    return 0
