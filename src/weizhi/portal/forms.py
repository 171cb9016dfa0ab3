"""What each step kind asks of a person, as fields of a form, and the way back: a sent form as an act's data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from weizhi.charters.dispatching import ruling
from weizhi.charters.models import Charter
from weizhi.charters.steps import Field as Asked
from weizhi.deliberation.in_force import articles_now
from weizhi.matters.queries import Offer
from weizhi.matters.refused import Refused
from weizhi.matters.sending import BY_RULE
from weizhi.matters.story import Reader
from weizhi.portal.picking.asking import BY_NAME, PLACED, PlacesOf, with_places
from weizhi.portal.pieces import Action, Choice, Field, Photo
from weizhi.portal.queries.suggested import Hint, class_choices, sort_hints
from weizhi.portal.uploads import FIELD as PHOTOS
from weizhi.reports.suggesting import SIZES

FILES: Final = ("photo", "file")
SHORT: Final = 24
APART: Final = ("place",)
RESERVED: Final = frozenset(
    {"csrfmiddlewaretoken", "key", "verb", "step", "outcome", "queue", BY_NAME}
    | {"kind", "place", "other_place", "follows", "behalf"}
)


@dataclass(frozen=True)
class Draft:
    """What somebody sent that was refused: shown again with the reason, nothing typed is lost."""

    verb: str = ""
    step: str = ""
    sent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    refused: Refused | None = None
    kept: tuple[Photo, ...] = ()

    @classmethod
    def of(cls, sent: QueryDict, refused: Refused) -> "Draft":
        """A form that carries its verb and step, as it was sent."""
        return cls(sent.get("verb", ""), sent.get("step", ""), dict(sent.lists()), refused)

    def said_nowhere(self, forms: Iterable[Action]) -> str:
        """Why it was refused, where none of the page's forms says so: the step is gone, or was never this visitor's."""
        return self.refused.message if self.refused and not any(form.errors for form in forms) else ""

    def filled(self, asked: Field) -> Field:
        value = tuple(self.sent.get(asked.key, ()))
        name = asked.key.partition(".")[0].removesuffix("[]")
        wrong = self.refused.message if self.refused and self.refused.field == name else ""
        if asked.type == "photo":
            return replace(asked, kept=self.kept, error=wrong)
        return replace(asked, value=value if asked.type == "places" else "".join(value[:1]), error=wrong)


def data_from(sent: QueryDict, *, empty: bool = False) -> dict[str, Any]:
    """`a.b` is a key inside a table, `a[]` a list: the names that the fields below carry.

    With `empty` a field inside a table that was emptied says so; else what is empty was not answered.
    """
    data: dict[str, Any] = {}
    for name in sent:
        if name in RESERVED or name.startswith("kept_"):
            continue
        path, many = name.removesuffix("[]"), name.endswith("[]")
        value: Any = [one for one in sent.getlist(name) if one] if many else sent.get(name, "")
        table, _dot, key = path.rpartition(".")
        if value in ("", []) and not (empty and table):
            continue
        (data.setdefault(table, {}) if table else data)[key] = value
    return data


def fields_of(offer: Offer, reader: Reader, places: PlacesOf, people: Sequence[Choice] = ()) -> list[Field]:
    """All that a step asks: its kind's own questions, the charter's, a photo where it helps, and words."""
    panel = KINDS.get(offer.kind)
    own = panel(offer, reader, people) if panel else []
    asked = [field for field in offer.fields if not field.only_for]
    charters = charter_fields(asked, places)
    said = [] if any(field.key == "words" for field in asked) else [_words(offer.kind)]
    return [*own, *charters, *_photos(offer), *said]


def fields_for(offer: Offer, outcome: str, places: PlacesOf) -> list[Field]:
    """What is asked of whoever chooses an outcome that stands apart: its own fields, and why."""
    own = charter_fields((field for field in offer.fields if outcome in field.only_for), places)
    needed = outcome in offer.reasons
    words = Field("words", "text", _("为什么？") if needed else _("想补充一句吗？"), required=needed)
    photos = _photos(offer, outcome) if offer.needs_photo(outcome) else []
    hint = _("报事的人会看到这句话。") if needed else ""
    return [*own, *photos, replace(words, hint=hint)]


def charter_fields(asked: Iterable[Asked], places: PlacesOf) -> list[Field]:
    """What the charter itself asks, with what there is to choose from; photos and the matter's place have ways of
    their own. One query where places are asked, two where an article is."""
    own = [field for field in asked if field.type not in FILES and field.key not in APART]
    return [
        with_places(charter_field(field), places.known)
        if field.type in PLACED
        else cited(charter_field(field), field, places.community)
        for field in own
    ]


def charter_field(asked: Asked) -> Field:
    many = asked.type == "places"
    return Field(
        key=f"{asked.key}[]" if many else asked.key,
        type=asked.type,
        label=asked.title or asked.key,
        hint=asked.hint,
        required=asked.required,
        choices=tuple(Choice(choice.key, choice.title or choice.key) for choice in asked.choices),
    )


def cited(field: Field, asked: Asked, community: UUID) -> Field:
    """An article is chosen among those in force. Two queries where one is asked."""
    if asked.convention is None:
        return field
    found = articles_now(community, asked.convention)
    choices = tuple(Choice(one.name, f"{one.name} {_short(one.words)}") for one in found)
    none = "" if choices else _("这份公约还没有施行。")
    return replace(field, type="choice", choices=choices, hint=field.hint or none)


def _short(words: str) -> str:
    """The beginning of an article, as much as a line of a list holds."""
    line = words.partition("\n")[0]
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def _words(kind: str) -> Field:
    labels = {"rate": _("想说点什么？"), "handle": _("怎么办的，说一句"), "check": _("看到什么，说一句")}
    hints = {"rate": _("哪里好，哪里还不行。"), "sort": _("报事的人会看到这句话。")}
    return Field("words", "text", labels.get(kind, _("想补充一句吗？")), hints.get(kind, ""))


def _photos(offer: Offer, outcome: str = "") -> list[Field]:
    asked = any(field.type in FILES for field in offer.fields)
    if offer.kind not in ("handle", "check", "keep") and not asked:
        return []
    ways = [outcome] if outcome else [choice.key for choice in offer.choices if not offer.stands_apart(choice.key)]
    required = any(offer.needs_photo(way) for way in ways or [""])
    hint = _("这一步要有照片。") if required else _("拍一张，报事的人看了放心。")
    return [Field(PHOTOS, "photo", _("拍张照片"), hint, required=required, compact=True)]


def _sort(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    matter = reader.matter
    asked = {
        "category": Field(
            "category", "choice", _("是哪一类？"), value=matter.category, choices=categories(offer.charter)
        ),
        "urgency": Field(
            "urgency", "choice", _("急不急？"), value=matter.urgency or "ordinary",
            choices=(Choice("high", _("很急")), Choice("ordinary", _("一般")), Choice("low", _("不急"))),
        ),
        "consensus": Field(
            "consensus", "choice", _("大家想法一致吗？"),
            choices=(Choice("strong", _("很一致")), Choice("middling", _("差不多")), Choice("weak", _("分歧大"))),
        ),
        "class": Field(
            "class", "choice", _("归哪一类事？"), value=matter.sorted_as, choices=class_choices(offer.charter)
        ),
    }  # fmt: skip
    hints = sort_hints(offer.charter, matter, reader.words)
    left = set(offer.params.asks) - ({"class"} if says_class(offer) else set())
    found = [_hinted(asked[name], hints.get(name)) for name in asked if name in left]
    return [*found, *_to(offer, hints, matter.category)]


def says_class(offer: Offer) -> bool:
    """Whether the buttons themselves say big, small or private: then nobody is asked a second time."""
    return any(choice.key in SIZES for choice in offer.choices)


def _to(offer: Offer, hints: Mapping[str, Hint], category: str) -> list[Field]:
    """To whom it may be sent; the rule of dispatch stands first, and says whom it would name."""
    if not offer.sends_to:
        return []
    choices = [Choice(name, title) for name, title in offer.sends_to]
    if offer.charter.dispatch:
        choices.insert(0, Choice(BY_RULE, _("按派单规则"), _rule_words(offer, hints, category)))
    value: str | tuple[str, ...] = BY_RULE if offer.charter.dispatch else ""
    kind = "places" if offer.to_several else "choice"
    return [Field("to[]", kind, _("派给谁？"), value=value, choices=tuple(choices), compact=offer.to_several)]


def _rule_words(offer: Offer, hints: Mapping[str, Hint], category: str) -> str:
    """Which rule would count if the category stays as it stands there, and why."""
    key = category or (hints["category"].value if "category" in hints else "")
    ruled, titles = ruling(offer.charter, key) if key else None, dict(offer.sends_to)
    names = [titles[name] for name in ruled.rule.to if name in titles] if ruled else []
    if ruled is None or not names:
        return _("看选的是哪一类。")
    said = {"n": ruled.n, "to": "、".join(names), "because": ruled.rule.because}
    return (
        _("第 %(n)s 条：%(because)s，派给%(to)s。") if ruled.rule.because else _("第 %(n)s 条：派给%(to)s。")
    ) % said


def _hinted(field: Field, hint: Hint | None) -> Field:
    """What was decided before stands; else the suggestion, with its reason, for the officer to confirm or correct."""
    return replace(field, value=field.value or hint.value, hint=hint.words) if hint else field


def categories(charter: Charter) -> tuple[Choice, ...]:
    """The charter's tree as a list under its branches."""
    tree = charter.categories
    parents = {category.parent for category in tree.values()}

    def branch(key: str, parent: str | None) -> str:
        return tree[parent].title if parent in tree else tree[key].title if key in parents else ""

    return tuple(Choice(one.key, one.title, group=branch(one.key, one.parent)) for one in tree.values())


def _rate(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    thumbs = Field(
        "outcome",
        "thumbs",
        _("您满意吗？"),
        required=True,
        quiet=True,
        choices=(Choice("good", _("满意")), Choice("bad", _("不满意"))),
    )
    stars = tuple(Choice(str(n), _("%(n)s 颗星") % {"n": n}) for n in range(1, 6))
    rows = [thumbs, Field("stars", "stars", _("给几颗星？"), choices=stars)] if offer.params.stars else [thumbs]
    thanks = Choice("true", _("谢谢办事的人"), _("他们会看到您的感谢。"))
    return [*rows, Field("thanks", "places", _("要谢谢他们吗？"), choices=(thanks,), quiet=True)]


def _check(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    met = tuple(Choice(criterion, criterion) for criterion in offer.params.criteria)
    fields = [Field("met[]", "places", _("哪几条达到了？"), choices=met)] if met else []
    for part in offer.params.score:
        unit = _("满分 %(most)s 分") % {"most": part.max}
        fields.append(Field(f"score.{part.key}", "count", part.title or part.key, required=True, unit=unit))
    return fields


def _keep(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    duties = tuple(Choice(duty.key, duty.title or duty.key) for duty in offer.params.duties)
    one = duties[0].value if len(duties) == 1 else ""
    return [Field("duty", "choice", _("做了哪一件？"), required=True, choices=duties, value=one)]


def _assign(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    fields = []
    for relation, count in offer.params.relations.items():
        label = _("请谁来办？") if relation == "assignee" else _("请谁来担任“%(part)s”？") % {"part": relation}
        kind = "choice" if count == 1 else "places"
        fields.append(Field(f"people.{relation}[]", kind, label, required=True, choices=tuple(people)))
    return fields


def _appoint(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    """Whom, where no earlier step has chosen."""
    if offer.params.from_ or offer.params.post == "subject":
        return []
    return [Field("people[]", "places", _("任免谁？"), required=True, choices=tuple(people))]


def hands() -> list[Field]:
    """A show of hands; where nobody counted one, all is left empty."""
    words = {"for": _("举手赞成"), "against": _("举手反对"), "abstain": _("弃权")}
    return [
        Field(f"hands_{key}", "count", word, unit=_("人"), compact=True, beside=True) for key, word in words.items()
    ]


def _meet(offer: Offer, reader: Reader, people: Sequence[Choice]) -> list[Field]:
    """A meeting that was not held in Weizhi, told by hand."""
    day = Field("day", "date", _("哪一天开的会？"), required=True)
    return [day, Field("present", "count", _("到了多少人？"), required=True, unit=_("人"), compact=True), *hands()]


Panel = Callable[[Offer, Reader, Sequence[Choice]], list[Field]]
KINDS: Final[Mapping[str, Panel]] = {
    "sort": _sort, "rate": _rate, "check": _check, "keep": _keep, "assign": _assign, "appoint": _appoint,
    "meet": _meet,
}  # fmt: skip
