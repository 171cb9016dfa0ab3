"""A demo at a moment that never changes, its people in browsers, and a server for them in this process."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A working Friday, before the clock of the demo anywhere is likely to stand; the pictures then differ by what changed.
MOMENT: Final = datetime(2026, 11, 20, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def make() -> None:
    """The demo in the database of WEIZHI_HOME, if it is not there yet; static files as they are now."""
    from django.core.management import call_command

    from weizhi.cases import demo
    from weizhi.record.actions.go_back import keep_start

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if not demo.exists():
        demo.make(MOMENT)
        keep_start()
        _give_tao_a_second_factor()
        _somebody_calls()
        _next_door_elects()


def _next_door_elects() -> None:
    from weizhi.tests.pictures import elections

    stand_still()
    elections.play(MOMENT)


def _somebody_calls() -> None:
    """Nobody in the demo's story telephones: 小周 writes one down, which makes a slip."""
    from django.test import Client

    from weizhi.people.models import Person
    from weizhi.places.models import Place

    stand_still()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(login="zhou"))
    place = Place.objects.get(path="xingfuli/e1/3")
    told = {"channel": "call", "who": "过路的大爷", "words": "三号楼门前的井盖松了，踩上去直响", "place": str(place.pk)}
    answer = client.post("/report/for", {**told, "key": "井盖"})
    assert answer.status_code == 302, answer.content.decode()


def _give_tao_a_second_factor() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from weizhi.people.models import Person
    from weizhi.portal.tests.conftest import give_password, give_second_factor

    tao = Person.objects.get(login="tao")
    give_password(tao)
    give_second_factor(tao)
    RecoveryCodes.activate(tao)


@contextmanager
def serving() -> Iterator[str]:
    """The application as it runs in a community, on 127.0.0.1."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from weizhi.site.wsgi import application

    class Silent(WSGIRequestHandler):
        def log_message(self, *_said: Any) -> None:
            """Three hundred pictures are thousands of lines."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def stand_still(moment: datetime = MOMENT) -> None:
    """Every picture of the demo is of the same minute, and one of a story of the minute at which it was stopped."""
    from weizhi.record import clock

    clock.stand_at(moment)


def state_of(browser: "Browser", base: str, who: str) -> Any:
    """The cookies of somebody's browser."""
    from django.conf import settings
    from django.test import Client

    from weizhi.people.models import Person
    from weizhi.portal.tests.conftest import PASSWORD
    from weizhi.tests.pictures import doing

    opened = browser.new_context(base_url=base, locale="zh-CN")
    page = opened.new_page()
    if who == "asked-for-a-code":
        page.goto("/account/login/code/")
        doing.send(page, phone=doing.NUMBER)
    elif who == "half-signed-in":
        page.goto("/account/login/")
        doing.send(page, login="tao", password=PASSWORD)
    elif who:
        client = Client()
        client.force_login(Person.objects.get(login=who))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        opened.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
        if who == "tao":
            _with_second_factor(session)
    state = opened.storage_state()
    opened.close()
    return state


def _with_second_factor(key: str) -> None:
    import time
    from importlib import import_module

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from django.conf import settings

    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    just_now = time.time() + 3600  # for all pictures of this person, so that none asks for the password once more
    passed = [{"method": "password", "at": just_now}, {"method": "mfa", "at": just_now, "type": "totp"}]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = passed
    session.save()


def prepare_environment(home: str) -> None:
    """Before Django reads its settings."""
    os.environ.update(WEIZHI_HOME=home, WEIZHI_DEMO="1", DJANGO_SETTINGS_MODULE="weizhi.site.settings")
    os.environ.pop("DATABASE_URL", None)
    os.environ["LANGUAGE"] = "zh_CN"  # what the browser itself says, on its button for files
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs an event loop in this thread
    import django

    django.setup()
