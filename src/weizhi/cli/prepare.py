"""``weizhi prepare``: what must be done once before the first start and after every new version. Safe to repeat."""

import argparse
from typing import Any


def register(sub: Any) -> None:
    prepare = sub.add_parser("prepare", help="Bring the database and the pages' files up to date")
    prepare.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
