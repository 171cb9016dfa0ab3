"""Play a story through the pages: each act is looked for where its person would find it, and its form is filled in.

Nothing is known here of any charter: a form is the one that says the act's verb, and every word of the story must have
a field in it. What the story says is refused is either not offered at all, or sent and refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from weizhi.cases.doing import VARIANT_MARK, Doing
from weizhi.cases.language import Act
from weizhi.cases.pictures import draw
from weizhi.cases.player import Played, Player
from weizhi.cases.reading import Reading
from weizhi.cases.stage import build
from weizhi.cases.tests.forms_read import Asked, Form, Page
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.record import clock

FOUND, MOVED, REFUSED = 200, 302, 400
PAGES_AT_MOST = 40
PREFIXES = ("", "q.", "texts.")
CODES = {"not-found": (404,), "not-yours": (403, 404), "bad-data": (422,)}
MEANWHILE = (409, 403, 422)


class NoForm(AssertionError):
    """No page that this person can reach from the matter has a form for the act."""


@dataclass
class ByPage:
    """Stands in for `Doing`: the same acts, through forms."""

    doing: Doing
    stage: Any

    def __post_init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.filled = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.doing, name)

    def client(self, login: str) -> Client:
        if login not in self.clients:
            self.clients[login] = Client()
            self.clients[login].force_login(Person.objects.get(pk=self.doing.people[login].pk))
        return self.clients[login]

    def do(self, scene: Act, at: datetime) -> Any:
        try:
            answer = self._raise(scene) if scene.raise_ else self._act(scene)
        except NoForm:
            if scene.refused is None:
                raise
            raise Refused(scene.refused, "", line=scene.because or "") from None
        self._judge(scene, answer)
        if scene.raise_:
            return SimpleNamespace(matter_id=UUID(answer["Location"].split("/m/")[1][:36]))
        return SimpleNamespace(matter_id=self.doing.matters[scene.matter or ""])

    def _judge(self, scene: Act, answer: Any) -> None:
        """What the page answered, in the player's words."""
        if answer.status_code == MOVED:
            self.filled += 1
            return
        page = answer.content.decode()
        assert answer.status_code >= REFUSED, f"{scene}: the page took it neither way\n{page}"
        if scene.refused is None:
            raise AssertionError(f"{scene}: refused with {answer.status_code}\n{said_in(page)}")
        wanted = CODES.get(scene.refused, MEANWHILE)
        assert answer.status_code in wanted, f"{scene}: {answer.status_code} is not {scene.refused}\n{said_in(page)}"
        raise Refused(scene.refused, "", line=scene.because or "")

    # --- finding -------------------------------------------------------------------------------------------

    def _act(self, scene: Act) -> Any:
        client, missing, looked = self.client(scene.by), [], []
        for url, page in self._pages(client, scene):
            looked.append(url)
            for form in page.forms:
                if form.method == "post" and says(form, scene):
                    sent, lacks = self._filled(form, scene)
                    if not lacks:
                        return self._send(client, form, url, sent, scene)
                    missing.append(f"{url}: {lacks}")
        raise NoForm(f"{scene.by} {scene.do} {scene.outcome or ''} on {scene.matter}: {missing or looked}")

    def _pages(self, client: Client, scene: Act) -> Iterator[tuple[str, Page]]:
        """The page of the matter, and what it leads to of itself, of its meeting, of its vote."""
        start = f"/m/{self.doing.matters[scene.matter or '']}"
        found = person_searched(self.doing, scene)
        seen, left = {start}, [start, *([f"{start}/mediation?find={found}"] if found else [])]
        while left and len(seen) < PAGES_AT_MOST:
            url = left.pop(0)
            answer = client.get(url)
            if answer.status_code != FOUND or "html" not in answer["Content-Type"]:
                continue
            page = Page(answer.content.decode())
            yield url, page
            ways = [way for link in page.links if leads_on(way := urljoin(url, link.partition("#")[0]), start)]
            left += [way for way in dict.fromkeys(ways) if way not in seen]
            seen |= set(ways)

    # --- filling in ----------------------------------------------------------------------------------------

    def _filled(self, form: Form, scene: Act) -> tuple[dict[str, list[str]], list[str]]:
        """What is sent, and which words of the story have no field."""
        sent, lacks = form.sent(), []
        for key, value in flat(self.doing._data(scene)):
            if not self._fill(form, sent, key, value):
                lacks.append(f"{key}={value!r}")
        if scene.outcome and not chosen(form, sent, scene.outcome):
            lacks.append(f"outcome={scene.outcome!r}")
        if scene.photo and not any(one.type == "file" for one in form.fields.values()):
            lacks.append("a photo")
        if scene.refused:  # what the page wrote into a field beforehand would make another act of it
            said = {name for name, one in form.fields.items() if one.type == "text"} - self._named(form, scene)
            sent |= {name: [""] for name in said}
        if not scene.outcome:
            pressed(form, sent, scene.do or "")
        return sent, lacks

    def _named(self, form: Form, scene: Act) -> set[str]:
        """The fields that the story fills in."""
        keys = [key.rpartition(".")[2] for key, _value in flat(self.doing._data(scene))]
        return {name for name in form.fields if name.removesuffix("[]").rpartition(".")[2] in keys}

    def _fill(self, form: Form, sent: dict[str, list[str]], key: str, value: Any) -> bool:
        last = key.rpartition(".")[2]
        for name in (f"{prefix}{stem}{many}" for stem in (key, last) for prefix in PREFIXES for many in ("", "[]")):
            if (asked := form.fields.get(name)) is not None:
                return self._put(asked, sent, name, value)
        if key == "person" and "name" in form.fields:  # a name is written where no list is offered
            sent["name"] = [Person.objects.get(pk=value).name]
            return True
        if any(button.name == "outcome" and button.value == str(value) for button in form.buttons):
            sent["outcome"] = [str(value)]
            return True
        return form.hidden("step").endswith(f"/{value}")

    def _put(self, asked: Asked, sent: dict[str, list[str]], name: str, value: Any) -> bool:
        values = [asked.meant(str(one)) for one in (value if isinstance(value, list) else [value])]
        if asked.choice and not set(values) <= set(asked.options):
            return False
        sent[name] = values
        return True

    def _send(self, client: Client, form: Form, url: str, sent: Mapping[str, list[str]], scene: Act) -> Any:
        body: dict[str, Any] = dict(sent)
        if scene.photo:
            name = next(name for name, one in form.fields.items() if one.type == "file")
            body[name] = [_file(one) for one in scene.photo]
        return client.post(form.action.partition("#")[0] or url, body)

    # --- raising -------------------------------------------------------------------------------------------

    def _raise(self, scene: Act) -> Any:
        client = self.client(scene.by)
        follows = f"&follows={self.doing.matters[scene.follows]}" if scene.follows else ""
        answer = client.get(f"/report?kind={scene.raise_}&whole=1{follows}")
        page = Page(answer.content.decode())
        form = next((one for one in page.forms if one.hidden("kind") == scene.raise_), None)
        if form is None:
            raise NoForm(f"{scene.by} is not offered to raise {scene.raise_}")
        sent, lacks = self._filled(form, scene)
        sent.pop("outcome", None)
        if scene.place:
            lacks += self._place(form, sent, scene.place)
        if scene.for_:
            sent["behalf"] = [self.doing.people[scene.for_].name]
        if lacks:
            raise NoForm(f"{scene.by} raises {scene.raise_}: no field for {lacks}")
        answer = self._send(client, form, "/report", sent, scene)
        for again in Page(answer.content.decode()).forms if answer.status_code == FOUND else ():
            if again.hidden("kind") == scene.raise_:  # what it looks like, and who said the same: read, and sent
                return self._send(client, again, "/report", {**again.sent(), **only_words(sent)}, scene)
        return answer

    def _place(self, form: Form, sent: dict[str, list[str]], code: str) -> list[str]:
        """Pressed where it is offered, else looked for by its name."""
        place = self.doing.places[code]
        if str(place.pk) in form.fields["place"].options:
            sent["place"] = [str(place.pk)]
            return []
        sent["place"], sent["find"] = ["other"], [place.name]
        return [] if "find" in form.fields else [f"place={code}"]


def says(form: Form, scene: Act) -> bool:
    """Whether this is the form of the act: it says its verb, or is the one ballot or questionnaire of its page."""
    verb = form.hidden("verb")
    if verb:
        return verb == scene.do
    if scene.do in WITHOUT_VERB:
        return WITHOUT_VERB[scene.do] in form.fields
    wanted = {scene.do, f"{scene.do}/{scene.outcome}"}
    return any(button.name == "verb" and button.value in wanted for button in form.buttons)


WITHOUT_VERB = {"cast": "line", "fill-in": "asked"}


def chosen(form: Form, sent: dict[str, list[str]], outcome: str) -> bool:
    """Press the button of the outcome, or choose it where it is a field."""
    if (asked := form.fields.get("outcome")) is not None:
        sent["outcome"] = [outcome]
        return outcome in asked.options
    for button in form.buttons:
        if (button.name, button.value) == ("outcome", outcome) or button.value.endswith(f"/{outcome}"):
            sent[button.name] = [button.value]
            return True
    return False


def pressed(form: Form, sent: dict[str, list[str]], verb: str) -> None:
    """The only button that there is, or the one that says the act, where the story names none."""
    named = [button for button in form.buttons if button.name]
    named = [button for button in named if button.value == verb] or named
    if len(named) == 1 and named[0].name not in sent:
        sent[named[0].name] = [named[0].value]


def flat(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def leads_on(link: str, start: str) -> bool:
    """Pages of this matter, of the meeting that it waits for, of its votes; no paper."""
    path = link.partition("?")[0]
    if path.endswith(".pdf"):
        return False
    return path.startswith((f"{start}/", "/votes/")) or path.endswith(("/meeting", "/meeting/minutes"))


def person_searched(doing: Doing, scene: Act) -> str:
    """Somebody is looked for by name before being chosen."""
    mark = str(scene.data.get("person", "") or scene.data.get("name", ""))
    person = doing.people.get(mark[1:]) if mark[:1] == "@" else None
    return (person.name if person else mark) if scene.do == "invite" else ""


def only_words(sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: value for name, value in sent.items() if name not in ("key", "seen", "csrfmiddlewaretoken")}


def said_in(page: str) -> str:
    start = page.find('role="alert"')
    return page[start : start + 600]


def _file(name: str) -> SimpleUploadedFile:
    scene, _sep, variant = name.partition(VARIANT_MARK)
    return SimpleUploadedFile(f"{scene}.jpg", draw(scene, int(variant or 0)), "image/jpeg")


def play_by_page(reading: Reading, monkeypatch: Any) -> tuple[Played, int]:
    """Play it in an empty database; returns what happened, and how many forms were filled in."""
    head = reading.case.case
    stage = build(reading)
    player = Player(reading, stage, Played(head.name, head.title, head.charter, head.proves))
    monkeypatch.setattr(clock, "now", lambda: player.now)
    pages = ByPage(player.doing, stage)
    player.doing = pages
    player.run()
    return player.played, pages.filled
