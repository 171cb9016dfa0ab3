"""weizhi methods: count, divide and match from files. Needs no database and no Django.

One module here for each verb, found by itself, with ``register(verbs)``. With ``--json`` a verb prints one object on
standard output and nothing else; without, lines to read. Progress and complaints go to standard error.
"""

import argparse
import importlib
import pkgutil


def register(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    noun = sub.add_parser("methods", help="count, divide and match from files")
    noun.set_defaults(django=False)
    verbs = noun.add_subparsers(title="verbs", metavar="VERB", required=True)
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        found = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(found, "register"):
            found.register(verbs)
