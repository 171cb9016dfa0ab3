"""Read a case file: every fault at once, with its line and the nearest right name; the story in the file's order."""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from pydantic import ValidationError

from weizhi.cases.language import Act, Advance, Case, Expect, dated
from weizhi.cases.pictures import SCENES
from weizhi.charters.findings import CharterError, Faults, Path
from weizhi.charters.lines import line_map, line_of
from weizhi.charters.loading import Library, check_file
from weizhi.charters.models import Charter
from weizhi.charters.shapes import tell
from weizhi.matters import beside
from weizhi.matters.registry import doors, kind_named, specs
from weizhi.matters.taking_back import TAKE_BACK

HERE = FilePath(__file__).parent
STORIES, CHARTERS, SYSTEMS = HERE / "stories", HERE / "charters", HERE / "systems.toml"
Scene = Act | Advance | Expect


class CaseError(Exception):
    """The case cannot be played; every finding is told."""

    def __init__(self, findings: tuple[object, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))


@dataclass(frozen=True)
class Told:
    """One table of the story and the line on which it stands."""

    scene: Scene
    line: int


@dataclass(frozen=True)
class Reading:
    """A case that can be played: its tables in the file's order, and its charter."""

    file: str
    case: Case
    charter: Charter
    order: tuple[Told, ...]
    district: Charter | None = None
    library: Library = field(default_factory=Library)

    def source(self, charter: str) -> str:
        """The text of a charter that the story may name."""
        found = self.library(charter)
        return found[1] if found else ""


def names() -> list[str]:
    """The stories that come with Weizhi."""
    return sorted(file.stem for file in STORIES.glob("*.toml"))


def read(path_or_name: str | FilePath) -> Reading:
    """Read a case by file or by name; raise CaseError with every finding when it cannot be played."""
    file = FilePath(path_or_name)
    if file.suffix != ".toml":
        file = STORIES / f"{path_or_name}.toml"
    if not file.is_file():
        faults = Faults(str(path_or_name), {})
        faults.add((), f"没有叫“{path_or_name}”的案例。", expected=names(), near=str(path_or_name))
        raise CaseError(faults.sorted())
    return read_text(file.read_text(encoding="utf-8"), file.name, folder=file.parent)


def read_text(text: str, filename: str, *, folder: FilePath = STORIES) -> Reading:
    faults = Faults(filename, {})
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.origins = {("",): (filename, _error_line(str(error), text))}
        faults.add(("",), f"这不是完整的 TOML：{error}。请检查这一行的引号、括号和等号。")
        raise CaseError(faults.sorted()) from None
    lines = line_map(text)
    faults.origins = {path: (filename, line) for path, line in lines.items()}
    try:
        case = Case.model_validate(tables)
    except ValidationError as error:
        tell(error, tables, Case, faults)
        raise CaseError(faults.sorted()) from None
    order = tuple(
        sorted(
            (Told(scene, line_of(lines, (key, n))) for key, scenes in _scenes(case) for n, scene in enumerate(scenes)),
            key=lambda told: told.line,
        )
    )
    library = Library([CHARTERS] if folder == STORIES else [folder, CHARTERS])
    charter = _charter("charter", case.case.charter, library, faults)
    district = _charter("district", case.case.district, library, faults) if case.case.district else None
    _check(case, charter, library, faults)
    _check_proofs(case, faults)
    _check_order(case, order, faults)
    if faults.found:
        raise CaseError(faults.sorted())
    assert charter is not None
    return Reading(filename, case, charter, order, district, library)


def _error_line(message: str, text: str) -> int:
    digits = message.partition("at line ")[2].split(",")[0]
    return int(digits) if digits.isdigit() else text.count("\n") + 1


def _scenes(case: Case) -> Iterator[tuple[str, tuple[Scene, ...]]]:
    yield "acts", case.acts
    yield "advance", case.advance
    yield "expect", case.expect


def _charter(key: str, name: str, library: Library, faults: Faults) -> Charter | None:
    """A charter beside the file, from the cases' own, or from the library. A story is no charter."""
    if name not in library.names():
        faults.add(("case", key), f"没有叫“{name}”的章程。", expected=library.names(), near=name)
        return None
    try:
        checked = check_file(name, specs=specs(), search=library.folders)
    except CharterError as error:
        faults.found += error.findings
        return None
    # A step kind that no room provides yet is no fault here: a case may end where its matter would enter it.
    faults.found += checked.errors
    return checked.charter


def _check_proofs(case: Case, faults: Faults) -> None:
    rows = tomllib.loads(SYSTEMS.read_text(encoding="utf-8"))["rows"]
    for n, row in enumerate(case.case.proves):
        if row not in rows:
            faults.add(("case", "proves", n), f"系统表里没有“{row}”这一行。", expected=rows, near=row)


def _check(case: Case, charter: Charter | None, library: Library, faults: Faults) -> None:
    """Every name that the story uses must be somebody's or something's."""
    known = _Known(case, charter, library, faults)
    for login, member in case.cast.items():
        known.member(login, member.held)
    for n, act in enumerate(case.acts):
        known.act(("acts", n), act)
    for n, expect in enumerate(case.expect):
        known.expect(("expect", n), expect)


class _Known:
    """The names of one case: its cast, its matters so far, its charter's words."""

    def __init__(self, case: Case, charter: Charter | None, library: Library, faults: Faults) -> None:
        self.case, self.charter, self.library, self.faults = case, charter, library, faults
        self.kinds: dict[str, str | None] = {act.as_: act.raise_ for act in case.acts if act.as_ and act.raise_}
        self.kinds |= {act.opens: None for act in case.acts if act.opens}
        proposed = {act.propose for act in case.acts if act.propose} & set(library.names())
        later = [check_file(name, specs=specs(), search=library.folders).charter for name in sorted(proposed)]
        self.charters = [found for found in (charter, *later) if found is not None]

    def _is(self, path: Path, word: str | None, known: Collection[str], what: str) -> None:
        if word is not None and word not in known:
            self.faults.add(path, f"{what}里没有“{word}”。", expected=known, near=word)

    def member(self, login: str, posts: tuple[str, ...]) -> None:
        for post in posts if self.charter else ():
            assert self.charter is not None
            key = "post" if self.case.cast[login].post == post else "posts"
            self._is(("cast", login, key), post, self.charter.posts, "这份章程里的职务")

    def act(self, path: Path, act: Act) -> None:
        self._is((*path, "by"), act.by, self.case.cast, "演员表")
        self._is((*path, "for"), act.for_, self.case.cast, "演员表")
        self._matter((*path, "matter"), act.matter)
        self._is((*path, "propose"), act.propose, self.library.names(), "章程")
        self._is(
            (*path, "confirm"), act.confirm, {one.as_ or "" for one in self.case.acts if one.propose}, "前面提出的修改"
        )
        self._is((*path, "follows"), act.follows, self.kinds, "前面提出的事")
        for picture in act.photo:
            self._is((*path, "photo"), picture.partition(":")[0], SCENES, "画好的照片")
        if self.charter is None:
            return
        if act.refused is None:
            kinds = {kind for charter in self.charters for kind in charter.kinds}
            self._is((*path, "raise"), act.raise_, kinds, "这份章程里的事项种类")
        steps = self._steps(act.matter)
        self._is((*path, "step"), act.step, steps or [act.step or ""], "这个程序里的步骤")
        if act.do:
            ways = [procedure for charter in self.charters for procedure in charter.procedures.values()]
            kinds = {step.kind for procedure in ways for step in procedure.steps.values()}
            known = {verb for kind in kinds & set(specs()) for verb in kind_named(kind).verbs}
            self._is((*path, "do"), act.do, kinds | known | doors() | set(beside.VERBS) | {TAKE_BACK}, "动作")

    def expect(self, path: Path, expect: Expect) -> None:
        self._matter((*path, "matter"), expect.matter)
        for entry in expect.opened:
            self._is((*path, "opened", entry), entry, self._calendar(), "这份章程的日历")
        for who in (*expect.sees, *expect.told):
            self._is((*path, "sees" if who in expect.sees else "told"), who, self.case.cast, "演员表")
        for duty in expect.duties if self.charter else ():
            assert self.charter is not None
            self._is((*path, "duties", duty), duty, self.charter.duties, "这份章程的清单")
        for step in expect.stands_at or ():
            self._is((*path, "stands_at"), step, self._steps(expect.matter) or [step], "这个程序里的步骤")

    def _matter(self, path: Path, name: str | None) -> None:
        """A matter that somebody raised before, or that a calendar of the charter opens on a day."""
        if found := dated(name or ""):
            self._is(path, found[0], self._calendar(), "这份章程的日历")
        else:
            self._is(path, name, self.kinds, "前面提出的事")

    def _calendar(self) -> dict[str, str]:
        """The calendars that open something, and of what kind."""
        entries = [entry for charter in self.charters for entry in charter.calendar.values()]
        return {entry.key: entry.opens for entry in entries if entry.opens}

    def _steps(self, matter: str | None) -> list[str]:
        found = dated(matter or "")
        kind = self._calendar().get(found[0]) if found else self.kinds.get(matter or "")
        ways = [charter.procedure_of(kind) for charter in self.charters if kind in charter.kinds] if kind else []
        return [step for procedure in ways for step in procedure.steps]


def _check_order(case: Case, order: tuple[Told, ...], faults: Faults) -> None:
    """The file is read from top to bottom: time must not run back."""
    now = case.case.begins
    counts = {"acts": 0, "advance": 0}
    for told in order:
        if isinstance(told.scene, Expect):
            continue
        key, moment = ("acts", told.scene.at) if isinstance(told.scene, Act) else ("advance", told.scene.to)
        n = counts[key]
        counts[key] += 1
        if moment is None:
            continue
        at = case.case.instant(moment)
        if at < now:
            word = "at" if key == "acts" else "to"
            faults.add((key, n, word), "这个时间比上面的早。案例从上往下演，时间不能倒流。")
        now = max(now, at)
