"""``weizhi community``: what concerns a community as a whole."""

from typing import Any


def register(sub: Any) -> None:
    community = sub.add_parser("community", help="A community as a whole: QR sheets for its walls")
    community.add_subparsers(metavar="VERB", required=True)
