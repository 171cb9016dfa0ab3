"""The command ``weizhi``: one module here for each noun, found by itself, with ``register(sub)``.

``register`` adds the noun's parser and sets ``run``, a function of the parsed arguments that returns an exit code
or None. Django is set up before ``run`` unless the parser sets ``django=False``; so these modules import Django
and the rooms above it inside their functions, and ``weizhi charters`` starts at once.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weizhi.site.settings")
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["manage"]:
        return manage(words[1:])
    arguments = build_parser(words[:1]).parse_args(words)
    if arguments.django:
        import django

        django.setup()
    try:
        return arguments.run(arguments) or 0
    except KeyboardInterrupt:
        return 130


def manage(words: list[str]) -> int:
    """Django's own commands. They end the process themselves where they fail."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["weizhi manage", *words])
    return 0


def build_parser(asked: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the noun that is `asked` for, where a module has its name; else of all of them."""
    parser = argparse.ArgumentParser(prog="weizhi", description="Weizhi (微治) runs a community's micro-governance.")
    sub = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    sub.add_parser("manage", help="Django's own commands, such as: weizhi manage migrate", add_help=False)
    nouns = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "tests")
    for noun in [name for name in nouns if name in asked] or nouns:
        importlib.import_module(f"{__name__}.{noun}").register(sub)
    for command in sub.choices.values():
        if command.get_default("django") is None:
            command.set_defaults(django=True)
    return parser
