"""What a program sends: JSON, or multipart with photos and the same fields as form fields (`data` as JSON text)."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from weizhi.matters.recorded import Recorded
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.instants import of_our_time
from weizhi.portal.uploads import AT_MOST, photos_from, photos_named
from weizhi.record.photos import Photo

KEY_HEADER: Final = "Idempotency-Key"
Key = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\x21-\x7e]+$")]
HallNumber = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")]


class Keyed(BaseModel):
    """`key` makes it safe to send again; the header Idempotency-Key says the same."""

    model_config = ConfigDict(extra="forbid")

    key: Key


class Sent(Keyed):
    """What every act on a matter carries."""

    data: dict[str, Any] = {}
    told_at: Annotated[AwareDatetime, AfterValidator(of_our_time)] | None = None
    as_post: UUID | None = None
    on_behalf_of: UUID | None = None
    evidence: Annotated[list[str], Field(max_length=AT_MOST)] = []


class Told(BaseModel):
    """Who said it, where an officer or a program passes it on: how it came, name and number if they are known."""

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[str, Field(max_length=20)]
    name: str = ""
    phone: Annotated[str, Field(max_length=24)] = ""

    def recorded(self) -> Recorded:
        number = as_number(self.phone) if self.phone else ""
        if number is None:
            raise Refused("bad-data", _("这不像一个电话号码。请再看一遍，或者空着。"), field="told")
        return Recorded(self.channel, " ".join(self.name.split()), number)


class Raise(Sent):
    """A new matter: where, of which kind of the charter, and what the charter's first step asks."""

    community: Annotated[str, Field(max_length=80)]
    kind: Annotated[str, Field(max_length=60)]
    place: UUID | None = None
    told: Told | None = None


class Act(Sent):
    """A verb on a matter: at a step (its id or key), or beside the steps. What is open now stands in the story."""

    verb: Annotated[str, Field(max_length=30)]
    step: Annotated[str, Field(max_length=60)] | None = None
    outcome: Annotated[str, Field(max_length=60)] | None = None


class Ballot(Sent):
    """One ballot: an option's key, or several in order. `entitlement` for which line, needed by who has several.

    With `proof` it is somebody's that you write down: how it came (`channel`), whether it was signed, and whose word
    it is (`on_behalf_of`) where several own the home."""

    choice: str | Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)]
    entitlement: UUID | None = None
    proof: Annotated[str, Field(max_length=200)] = ""
    channel: Literal["paper", "telephone", "door", "meeting", "proxy"] = "paper"
    signed: bool = True

    @property
    def chosen(self) -> list[str]:
        return [self.choice] if isinstance(self.choice, str) else self.choice


class Mark(Keyed):
    """That a paper of a secret vote was handed in, and no more: of which line, whose (`on_behalf_of`) where several
    own the home, brought by a proxy or not, and where the voter signed for it (`proof`)."""

    entitlement: UUID
    on_behalf_of: UUID | None = None
    proxy: bool = False
    proof: Annotated[str, Field(max_length=200)] = ""


class Correction(Keyed):
    """A mark taken back as a mistake (`back`), or put on the roll after closing (`late`), with why. The second person
    sends the same and need not say why again."""

    what: Literal["back", "late"]
    entitlement: UUID
    on_behalf_of: UUID | None = None
    proxy: bool = False
    why: Annotated[str, Field(max_length=200)] = ""


class UrnPaper(Keyed):
    """A paper out of the urn as you read it: its number and one of an option (or several, in order), `blank`,
    `spoilt`."""

    paper: Annotated[str, Field(max_length=200)]
    choice: str | Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=200)] = []
    blank: bool = False
    spoilt: bool = False

    @property
    def chosen(self) -> list[str]:
        return [self.choice] if isinstance(self.choice, str) else self.choice


class UrnEmpty(Keyed):
    """No paper is left; `why` where papers and marks differ."""

    why: Annotated[str, Field(max_length=200)] = ""


class Passphrase(Keyed):
    """A counter's own words. They are kept nowhere."""

    passphrase: Annotated[str, Field(max_length=500)]


class Answers(Sent):
    """What is said to a survey: the key of each question and the number of an option, several, a level, or words.

    With `of` it is somebody's that you type in, and `channel` is how it came."""

    answers: Annotated[dict[str, Any], Field(max_length=40)]
    asked: UUID | None = None
    of: Annotated[str, Field(max_length=60)] = ""
    channel: Literal["paper", "call", "visit"] = "paper"


class Spoken(Sent):
    """A word in an online hall: one's own, or that of `on_behalf_of`, which came on paper, by mouth, at a meeting."""

    channel: Literal["phone", "paper", "voice", "meeting"] = "phone"


class Stances(Spoken):
    """What is said of statements by their numbers."""

    answers: Annotated[dict[HallNumber, Literal["agree", "disagree", "pass"]], Field(min_length=1, max_length=200)]

    @property
    def by_number(self) -> dict[int, str]:
        return {int(n): said for n, said in self.answers.items()}


class OwnWords(Spoken):
    """A short sentence that others can agree or disagree with."""

    words: Annotated[str, Field(max_length=400)]


class Moderation(Sent):
    """Statements by their numbers; what is put away needs the reason, which its author reads."""

    statements: Annotated[list[Annotated[int, Field(ge=1, le=10**6)]], Field(min_length=1, max_length=200)]
    state: Literal["open", "hidden"]
    reason: Annotated[str, Field(max_length=200)] = ""


NO_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")  # PostgreSQL keeps no NUL; half a character JSON alone can write
DEEPEST: Final = 20  # what a charter asks is three levels deep

Model = TypeVar("Model", bound=Keyed)


def read(request: HttpRequest, model: type[Model]) -> tuple[Model, list[Photo]]:
    """The body and its photos. Raises Refused."""
    multipart = request.content_type == "multipart/form-data"
    fields = _from_form(request.POST) if multipart else _from_json(request.body)
    _check_texts(fields)
    header = request.headers.get(KEY_HEADER)
    if header is not None and fields.setdefault("key", header) != header:
        raise Refused("bad-data", _("两处写的提交编号不一样。请只写一处。"), field="key")
    try:
        sent = model.model_validate(fields)
    except ValidationError as error:
        raise _refusal(error) from None
    if not isinstance(sent, Sent):
        return sent, []
    photos = [*(photos_from(request) if multipart else []), *photos_named(sent.evidence, str(request.user.pk))]
    return sent, photos


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("bad-data", _("发来的不是 JSON。请检查后再发。")) from None
    if not isinstance(found, dict):
        raise Refused("bad-data", _("发来的不是一个 JSON 对象。请检查后再发。"))
    return found


def _from_form(form: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: form[name] for name in form if form[name] != ""}
    for name in TABLES & set(fields):
        fields[name] = _from_json(str(fields[name]).encode())
    if "evidence" in fields:
        fields["evidence"] = str(fields["evidence"]).split()
    return fields


def _check_texts(fields: dict[str, Any]) -> None:
    """Level by level, since what is nested deeper than Python may call itself must be refused as well."""
    level: list[Any] = [fields]
    for _depth in range(DEEPEST):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += [*value, *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str) and NO_TEXT.search(value):
                raise Refused("bad-data", _("内容里有看不见的字符。请去掉再发。"))
        level = inner
    if level:
        raise Refused("bad-data", _("发来的内容一层套一层，套得太深。请检查后再发。"))


def _refusal(error: ValidationError) -> Refused:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing":
        return Refused("bad-data", _("还缺“%(field)s”。请填上再发。") % {"field": field}, field=field)
    if first["type"] == "extra_forbidden":
        return Refused("bad-data", _("这里不收“%(field)s”。请去掉再发。") % {"field": field}, field=field)
    return Refused("bad-data", _("看不懂“%(field)s”。请检查后再发。") % {"field": field}, field=field)


def person_named(pk: UUID | None) -> Person | None:
    """Whom the act is for. Whether the sender may act for that person is the act's to judge."""
    if pk is None:
        return None
    found = Person.objects.filter(pk=pk, erased_at__isnull=True).first()
    if found is None:
        raise Refused("not-found", _("找不到这个人。"), field="on_behalf_of")
    return found


def described(model: type[Keyed], scope: str) -> dict[str, Any]:
    """The body for the OpenAPI description, in both forms."""
    schema = model.model_json_schema()
    schema["properties"] |= {name: _inlined(one, schema) for name, one in schema["properties"].items()}
    schema.pop("$defs", None)
    in_form = {name: {"type": "string", "description": "JSON"} for name in TABLES & set(schema["properties"])}
    photos = {"photos": PHOTOS} if issubclass(model, Sent) else {}
    with_photos = {**schema, "properties": schema["properties"] | in_form | photos}
    return {
        "x-scopes": [scope],
        "parameters": [{"in": "header", "name": KEY_HEADER, "schema": {"type": "string", "maxLength": 80}}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema}, "multipart/form-data": {"schema": with_photos}},
        },
    }


def _inlined(one: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A model inside the model, without a reference: the body stands in the description by itself."""
    ways = one.get("anyOf")
    if not ways:
        return one
    inner = [schema["$defs"][way["$ref"].rpartition("/")[2]] if "$ref" in way else way for way in ways]
    return {**one, "anyOf": inner}


TABLES: Final = frozenset({"data", "told"})
PHOTOS: Final = {"type": "array", "maxItems": 9, "items": {"type": "string", "format": "binary"}}
