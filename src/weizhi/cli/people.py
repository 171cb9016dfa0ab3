"""``weizhi people``: help somebody who cannot sign in. Asks for what is secret; nothing secret stands in a command."""

import argparse
import getpass
import sys
from typing import Any


def register(sub: Any) -> None:
    people = sub.add_parser("people", help="Give a password or a telephone number; drop a lost second factor")
    verbs = people.add_subparsers(required=True, metavar="VERB")
    for verb, words in {
        "password": "give a password, which is asked for twice",
        "number": "write the telephone number to which codes go",
        "second-factor": "drop the second factor of somebody who lost the telephone, and end the open sessions",
    }.items():
        one = verbs.add_parser(verb, help=words)
        one.add_argument("login", help="the login name")
        one.set_defaults(run=run, verb=verb)
    erase = verbs.add_parser(
        "erase", help="erase a person who asks for it, by two people in post; what must remain stays"
    )
    erase.add_argument("login", help="the login name of the person")
    erase.add_argument("--community", required=True, metavar="SLUG", help="whose record is meant")
    erase.add_argument("--by", required=True, metavar="LOGIN", help="one who holds a post there")
    erase.add_argument("--second", required=True, metavar="LOGIN", help="another who does")
    erase.add_argument(
        "--ground", required=True, help="purpose-over, service-over, consent-withdrawn, unlawful, required"
    )
    erase.set_defaults(run=run_erase)


def run(arguments: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError

    from weizhi.portal.accounts.helping import HelpRefused, person_named

    try:
        print(VERBS[arguments.verb](person_named(arguments.login)))
    except (HelpRefused, ValidationError) as refused:
        words = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
        print("\n".join(words), file=sys.stderr)
        return 1
    return 0


def run_erase(arguments: argparse.Namespace) -> int:
    from weizhi.matters.actions.erase_person import erase_person
    from weizhi.matters.refused import Refused
    from weizhi.places.models import Community
    from weizhi.portal.accounts.helping import HelpRefused, end_sessions, person_named

    try:
        community = Community.objects.filter(slug=arguments.community).first()
        if community is None:
            raise HelpRefused(f"没有叫“{arguments.community}”的社区。请检查写法。")
        person, by, second = (person_named(login) for login in (arguments.login, arguments.by, arguments.second))
        gone = erase_person(community, person, by=by, second=second, ground=arguments.ground)
        end_sessions(person)
    except (HelpRefused, Refused) as refused:
        print(refused.message if isinstance(refused, Refused) else refused, file=sys.stderr)
        return 1
    print(f"删除了 {gone} 份内容。办过的事和它们的凭据还在，里面不再有这个人的话。")
    return 0


def _password(person: Any) -> str:
    from weizhi.portal.accounts.helping import HelpRefused, set_password

    first = getpass.getpass(f"{person.name}的新密码：")
    if getpass.getpass("再输一次：") != first:
        raise HelpRefused("两次不一样，没有改。请再来一次。")
    set_password(person, first)
    return f"{person.name}的密码设好了。"


def _number(person: Any) -> str:
    from weizhi.portal.accounts.helping import set_number

    set_number(person, input(f"{person.name}的手机号："))
    return f"{person.name}的手机号记好了。"


def _second_factor(person: Any) -> str:
    from weizhi.portal.accounts.helping import drop_second_factor

    ended = drop_second_factor(person)
    return f"{person.name}的两步验证去掉了，{ended} 处登录已经退出。下次登录要重新设。"


VERBS = {"password": _password, "number": _number, "second-factor": _second_factor}
