"""Lines of residents against what is known: who is new, who lives where as what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from weizhi.census import values
from weizhi.census.findings import Findings, Spot
from weizhi.census.known import Here, Known, Someone, people_with
from weizhi.census.placing import Placing
from weizhi.census.reading import Line
from weizhi.census.tables import BY_KIND, RESIDENT
from weizhi.census.values import Wrong
from weizhi.people.vault import ID_NUMBER, PHONE, blind

T = TypeVar("T")
OWNER = "owner"


@dataclass(slots=True)
class Told:
    """What a line says of somebody, read and in clear; never kept."""

    spot: Spot
    home: Here
    name: str
    statuses: tuple[str, ...]
    phone: str
    id_number: str
    share: str
    blind_phone: str = ""
    blind_id: str = ""


@dataclass(slots=True)
class Newcomer:
    """A new person, with the numbers in clear until they are sealed."""

    person: Someone
    phone: str
    id_number: str


@dataclass
class Settling:
    """Who is meant by each line: by ID number, by name and telephone, by name at the same door."""

    world: Known
    placing: Placing
    found: Findings
    people: dict[UUID, Newcomer] = field(default_factory=dict)
    residences: list[tuple[UUID, UUID, str, str]] = field(default_factory=list)  # person, household, status, share
    _by_id: dict[str, Someone] = field(default_factory=dict)
    _by_phone: dict[tuple[str, str], Someone] = field(default_factory=dict)
    _lines: dict[tuple[UUID, UUID, str], Spot] = field(default_factory=dict)

    def read(self, lines: list[Line]) -> None:
        told = [one for line in lines if (one := self._line(line)) is not None]
        self._recognise(told)
        for one in told:
            self._settle(one)

    def _line(self, line: Line) -> Told | None:
        """A line read cell by cell: all its faults at once."""
        before = self.found.errors
        cells = line.cells
        home = self.placing.home_of(line)
        name = self._read(line, "name", values.name)
        statuses = self._read(line, "status", values.statuses)
        phone = self._read(line, PHONE, values.phone) if "phone" in cells else ""
        id_number = self._read(line, ID_NUMBER, values.id_number) if "id_number" in cells else ""
        share = self._read(line, "share", values.share) if "share" in cells else ""
        if home is None or self.found.errors > before or not name or not statuses:
            return None
        if share and OWNER not in statuses:
            self._wrong(line.spot, "share", "写了份额，关系里却没有“业主”。请补上“业主”，或者去掉份额。")
            return None
        return Told(line.spot, home, name, statuses, phone or "", id_number or "", share or "")

    def _read(self, line: Line, column: str, read: Callable[[str], T]) -> T | None:
        text = line.cells.get(column, "")
        try:
            if text:
                return read(text)
            self._wrong(line.spot, column, "是空的。请补上；合并的单元格请取消合并，每行都写。")
        except Wrong as wrong:
            self._wrong(line.spot, column, str(wrong))
        return None

    def _recognise(self, told: list[Told]) -> None:
        """Ask once for all numbers of the file whose they are."""
        for one in told:
            one.blind_phone = blind(PHONE, one.phone) if one.phone else ""
            one.blind_id = blind(ID_NUMBER, one.id_number) if one.id_number else ""
        for person in people_with(ID_NUMBER, {one.blind_id for one in told} - {""}):
            self._by_id[person.id_number] = person
        for person in people_with(PHONE, {one.blind_phone for one in told} - {""}):
            self._by_phone[(person.phone, person.name)] = person

    def _settle(self, told: Told) -> None:
        person = self._person(told)
        if person is None:
            return
        for status in told.statuses:
            key = (told.home.id, person.id, status)
            first = self._lines.setdefault(key, told.spot)
            if first != told.spot:
                words = f"和 {first} 重复：同一户、同一个人、同样的关系。请删掉一行；如果是两个人，请填身份证号。"
                self._wrong(told.spot, "name", words)
            elif key not in self.world.residences:
                share = told.share if status == OWNER else ""
                self.residences.append((person.id, told.home.id, status, share))

    def _person(self, told: Told) -> Someone | None:
        person = self._by_id.get(told.blind_id) if told.blind_id else None
        if person is not None and person.name != told.name:
            self._wrong(told.spot, ID_NUMBER, "这个身份证号已经记在另一个名字下。请照证件核对姓名和号码。")
            return None
        person = person or self._same(told)
        if person is None:
            person = Someone(uuid7(), told.name, told.blind_phone, told.blind_id, new=True)
            self.people[person.id] = Newcomer(person, told.phone, told.id_number)
            self.world.residents.setdefault((told.home.id, told.name), []).append(person)
        elif person.new:
            self._complete(self.people[person.id], told)
        if told.blind_id:
            self._by_id[told.blind_id] = person
        if told.blind_phone:
            self._by_phone[(told.blind_phone, told.name)] = person
        return person

    def _complete(self, newcomer: Newcomer, told: Told) -> None:
        """Another line of a new person may tell a number that the first one did not."""
        person = newcomer.person
        if told.blind_id and not person.id_number:
            person.id_number, newcomer.id_number = told.blind_id, told.id_number
        if told.blind_phone and not person.phone:
            person.phone, newcomer.phone = told.blind_phone, told.phone
        elif told.blind_phone and told.blind_phone != person.phone:
            self.found.note(told.spot, "电话", "这个人前面已经写了另一个电话，只记前面的。")

    def _same(self, told: Told) -> Someone | None:
        """The same person by telephone and name, or by name at this door, unless an ID number says otherwise."""
        near = self.world.residents.get((told.home.id, told.name), ())
        by_phone = self._by_phone.get((told.blind_phone, told.name)) if told.blind_phone else None
        for person in [*([by_phone] if by_phone else []), *near]:
            if told.blind_id and person.id_number and person.id_number != told.blind_id:
                continue
            if person is not by_phone and told.blind_phone and person.phone and person.phone != told.blind_phone:
                continue
            return person
        return None

    def _wrong(self, spot: Spot, column: str, message: str) -> None:
        self.found.wrong(spot, BY_KIND[RESIDENT].title_of(column), message)
