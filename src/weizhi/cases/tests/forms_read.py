"""The forms of a page as a browser without a script has them: what stands in them, what may be chosen, buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID_TYPES = ("radio", "checkbox")


@dataclass
class Asked:
    """One field by its name: what stands in it, and what may be chosen where it is a choice."""

    type: str
    values: list[str] = field(default_factory=list)  # as the page sends it
    options: list[str] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)  # of each option, as people read it

    def meant(self, said: str) -> str:
        """The option that is called so, where none is sent so."""
        if said in self.options:
            return said
        return next((value for value, words in self.words.items() if words.strip() == said), said)

    @property
    def choice(self) -> bool:
        return self.type in (*VOID_TYPES, "select")


@dataclass(frozen=True)
class Button:
    name: str
    value: str
    action: str


@dataclass
class Form:
    action: str
    method: str
    id: str
    fields: dict[str, Asked] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def sent(self) -> dict[str, list[str]]:
        return {name: list(one.values) for name, one in self.fields.items() if one.values and one.type != "file"}

    def hidden(self, name: str) -> str:
        found = self.fields.get(name)
        return found.values[0] if found and found.type == "hidden" and found.values else ""


class Page(HTMLParser):
    """All forms and all links of a page; fields may stand outside their form and name it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select: Asked | None = None
        self._area: Asked | None = None
        self._aside = 0  # inside noscript
        self._reading: tuple[Asked, str] | None = None  # the option whose words follow
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(got.get("action", ""), got.get("method", "get"), got.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in got:
            self.links.append(got["href"])
        elif tag == "noscript":
            self._aside += 1
        elif not self._aside and (form := self._of(got)) is not None:
            self._field(tag, got, form)

    def _of(self, got) -> Form | None:
        named = next((one for one in self.forms if one.id and one.id == got.get("form")), None)
        return named or self._form

    def _field(self, tag, got, form: Form) -> None:
        name = got.get("name", "")
        if tag == "button":
            form.buttons.append(Button(name, got.get("value", ""), got.get("formaction", "")))
        elif tag == "input" and name:
            kind = got.get("type", "text")
            asked = form.fields.setdefault(name, Asked(kind))
            if kind in VOID_TYPES:
                asked.options.append(got.get("value", "on"))
                self._reading = (asked, asked.options[-1])
            if kind not in VOID_TYPES or "checked" in got:
                asked.values.append(got.get("value", ""))
        elif tag == "select" and name:
            self._select = form.fields.setdefault(name, Asked("select"))
        elif tag == "textarea" and name:
            self._area = form.fields.setdefault(name, Asked("text", [""]))
        elif tag == "option" and self._select is not None:
            self._select.options.append(got.get("value", ""))
            self._reading = (self._select, self._select.options[-1])
            if "selected" in got:
                self._select.values = [got.get("value", "")]

    def handle_data(self, data) -> None:
        if self._area is not None:
            self._area.values = [self._area.values[0] + data]
        elif self._reading is not None:
            asked, value = self._reading
            asked.words[value] = asked.words.get(value, "") + data

    def handle_endtag(self, tag) -> None:
        if tag in ("label", "option", "select"):
            self._reading = None
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "noscript":
            self._aside -= 1
