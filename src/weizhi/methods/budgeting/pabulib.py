"""Reading Pabulib's ``.pb`` files (pabulib.org/format): three sections of semicolon-separated lines.

Identical vote texts are merged before they are parsed, so that a city's file costs little more than reading it.
What is wrong is told with its line; what is odd but countable (a stated number that does not agree) becomes a note.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Literal, NoReturn

import numpy as np

from weizhi.methods.budgeting.election import BallotKind, Ballots, Election, Project

SECTIONS = ("META", "PROJECTS", "VOTES")
KINDS: Mapping[str, BallotKind] = {
    "approval": "approval",
    "choose-1": "choose-1",
    "cumulative": "cumulative",
    "scoring": "cumulative",
    "ordinal": "ordinal",
}
Ordinal = Literal["approval", "borda"]


class PabulibError(ValueError):
    """The file cannot be counted as it is. ``line`` counts from 1; 0 means the file as a whole."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(f"第 {line} 行：{message}" if line else message)


def read(path: str | Path, *, ordinal: Ordinal = "approval", top: int | None = None) -> Election:
    """Read a file. ``ordinal`` and ``top`` say what ranked ballots mean: approval of the first ``top``, or Borda."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise PabulibError(0, f"文件不是 UTF-8 编码（第 {wrong.start} 字节起）。请另存为 UTF-8 再读。") from None
    return read_text(text, ordinal=ordinal, top=top)


def read_text(text: str, *, ordinal: Ordinal = "approval", top: int | None = None) -> Election:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = _Sections(text)
    meta = _meta(parts.rows("META"))
    kind = _kind(meta)
    projects = _projects(parts.rows("PROJECTS"))
    budget = _budget(meta)
    votes = _Votes.read(parts, kind)
    notes: list[str] = []
    ballots = _Parser(votes, projects, notes).ballots(kind, ordinal, top, meta)
    election = Election(
        tuple(project for _, project in projects),
        budget,
        ballots,
        kind,
        {key: value for key, (_, value) in meta.items()},
        tuple(notes),
    )
    return Election(
        election.projects, budget, ballots, kind, election.meta, (*notes, *_disagreements(meta, projects, election))
    )


# --- sections ------------------------------------------------------------------------------------------


Row = tuple[int, list[str]]


class _Sections:
    """Where each section begins; the votes are not split into lines before they must be."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.begins: dict[str, tuple[int, int]] = {}  # section → (offset of its header line, number of that line)
        position, line = 0, 1
        while position < len(text) and "VOTES" not in self.begins:
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            word = text[position:end].strip().rstrip(";").upper()
            if word in SECTIONS:
                self.begins[word] = (end + 1, line + 1)
            position, line = end + 1, line + 1
        for section in SECTIONS:
            if section not in self.begins:
                raise PabulibError(0, f"文件里没有“{section}”这一段。应有 META、PROJECTS、VOTES 三段，各占一行标题。")

    def body(self, section: str) -> tuple[str, int]:
        begin, line = self.begins[section]
        later = [offset - len(name) - 1 for name, (offset, _) in self.begins.items() if offset > begin]
        return self.text[begin : self.text.rfind("\n", begin - 1, min(later)) + 1 if later else None], line

    def rows(self, section: str) -> list[Row]:
        body, first = self.body(section)
        return [row for row in _csv(body, first) if any(cell.strip() for cell in row[1])]


def _csv(body: str, first: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(body), delimiter=";")
    begun = first
    for cells in reader:
        yield begun, cells
        begun = first + reader.line_num


def _meta(rows: list[Row]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for line, cells in rows:
        key = cells[0].strip()
        if len(cells) < 2:
            raise PabulibError(line, f"“{key}”后面要有分号和内容，例如：budget;100000。")
        if key != "key":
            found[key] = line, ";".join(cells[1:]).strip()
    return found


def _kind(meta: Mapping[str, tuple[int, str]]) -> BallotKind:
    if "vote_type" not in meta:
        raise PabulibError(
            0, f"META 里没有 vote_type（选票的种类）。请写其中一种：{'、'.join(KINDS)}。{_near('vote_type', meta)}"
        )
    line, word = meta["vote_type"]
    if word.lower() not in KINDS:
        raise PabulibError(line, f"不认识选票的种类“{word}”。可以是：{'、'.join(KINDS)}。{_near(word.lower(), KINDS)}")
    return KINDS[word.lower()]


def _budget(meta: Mapping[str, tuple[int, str]]) -> Fraction:
    if "budget" not in meta:
        raise PabulibError(0, f"META 里没有 budget（预算总额）。请加一行，例如：budget;100000。{_near('budget', meta)}")
    line, word = meta["budget"]
    return _amount(word, line, "预算总额")


def _amount(word: str, line: int, what: str) -> Fraction:
    try:
        amount = Fraction(word.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise PabulibError(line, f"{what}“{word}”不是数。请只写数字，小数点用“.”，不带单位。") from None
    if amount < 0:
        raise PabulibError(line, f"{what}“{word}”小于零。请改成零或正数。")
    return amount


def _near(word: str, names: Mapping[str, object] | Sequence[str]) -> str:
    close = get_close_matches(word, list(names), n=1, cutoff=0.5)
    return f"最接近的是“{close[0]}”。" if close else ""


def _column(header: Row, name: str, section: str) -> int:
    line, cells = header
    names = [cell.strip() for cell in cells]
    if name not in names:
        raise PabulibError(line, f"{section} 的表头里没有“{name}”这一列。{_near(name, names)}")
    return names.index(name)


def _projects(rows: list[Row]) -> list[tuple[int, Project]]:
    if not rows:
        raise PabulibError(0, "PROJECTS 一段是空的。请写上表头（project_id;cost;name）和每个项目一行。")
    header, *lines = rows
    names = [cell.strip() for cell in header[1]]
    at_id, at_cost = _column(header, "project_id", "PROJECTS"), _column(header, "cost", "PROJECTS")
    found: list[tuple[int, Project]] = []
    first: dict[str, int] = {}
    for line, cells in lines:
        if len(cells) <= max(at_id, at_cost):
            raise PabulibError(line, f"这一行只有 {len(cells)} 格，少了项目编号或费用。")
        one = cells[at_id].strip()
        if one in first:
            raise PabulibError(line, f"项目编号“{one}”在第 {first[one]} 行已经用过。每个项目的编号要不同。")
        first[one] = line
        more = {key: cell.strip() for key, cell in zip(names, cells, strict=False)}
        cost = _amount(cells[at_cost], line, f"项目“{one}”的费用")
        name = more.pop("name", "")
        found.append(
            (line, Project(one, cost, name, {k: v for k, v in more.items() if k not in ("project_id", "cost")}))
        )
    return found


# --- votes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Votes:
    """The vote texts (with their points, behind a semicolon) and how often each occurs."""

    counts: Mapping[str, int]
    rows: "_Lines"
    doubled: int  # voter ids that occur more than once

    @classmethod
    def read(cls, parts: _Sections, kind: BallotKind) -> "_Votes":
        body, first = parts.body("VOTES")
        lines = _Lines(body, first)
        at_vote = _column(lines.header, "vote", "VOTES")
        at_points = _column(lines.header, "points", "VOTES") if kind == "cumulative" else None
        at_id = _column(lines.header, "voter_id", "VOTES")
        ids: set[str] = set()
        try:
            if lines.plain and at_points is None and at_id == 0 and at_vote == 1:
                counts = cls._fast(lines.body, ids)
            else:
                counts = cls._general(lines, at_id, at_vote, at_points, ids)
        except IndexError:
            lines.refuse_short(1 + max(at_id, at_vote, at_points or 0))
        return cls(counts, lines, counts.total() - len(ids))

    @staticmethod
    def _fast(body: str, ids: set[str]) -> Counter[str]:
        """No quotes, voter and vote in front: cut each line twice and no more."""
        lines = [line for line in body.split("\n") if line]
        # one pass each: a list of a million small lists would keep the garbage collector busy
        ids.update([line.partition(";")[0] for line in lines])
        return Counter([line.split(";", 2)[1] for line in lines])

    @staticmethod
    def _general(lines: "_Lines", at_id: int, at_vote: int, at_points: int | None, ids: set[str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for _, cells in lines:
            ids.add(cells[at_id])
            counts[cells[at_vote] if at_points is None else f"{cells[at_vote]};{cells[at_points]}"] += 1
        return counts


class _Lines:
    """The lines of VOTES; walked again only to find the line of a fault."""

    def __init__(self, body: str, first: int) -> None:
        rows = _csv(body, first)
        self.header = next((row for row in rows if any(cell.strip() for cell in row[1])), (first, [""]))
        skip = body.find("\n") + 1 or len(body)
        if self.header[0] != first:  # empty lines above the header
            for _ in range(self.header[0] - first):
                skip = body.find("\n", skip) + 1 or len(body)
        self.body, self.first = body[skip:], self.header[0] + 1
        self.plain = '"' not in self.body

    def __iter__(self) -> Iterator[Row]:
        return (row for row in _csv(self.body, self.first) if any(cell.strip() for cell in row[1]))

    def refuse_short(self, wanted: int) -> NoReturn:
        line, cells = next((row for row in self if len(row[1]) < wanted), (0, []))
        raise PabulibError(line, f"这一行只有 {len(cells)} 格，至少要有 {wanted} 格：选民编号和选票用分号隔开。")

    def line_of(self, vote: str) -> int:
        """The first line that carries this vote text."""
        wanted = vote.split(";")
        for line, cells in self:
            if all(one in cells for one in wanted):
                return line
        return 0  # pragma: no cover  the text came from one of these lines


class _Parser:
    def __init__(self, votes: _Votes, projects: list[tuple[int, Project]], notes: list[str]) -> None:
        self.votes, self.notes = votes, notes
        self.codes = {project.id: number for number, (_, project) in enumerate(projects)}
        if votes.doubled:
            notes.append(f"有 {votes.doubled} 张选票的选民编号重复，都已计入；请核对是否有人投了两次。")

    def ballots(
        self, kind: BallotKind, ordinal: Ordinal, top: int | None, meta: Mapping[str, tuple[int, str]]
    ) -> Ballots:
        texts = list(self.votes.counts)
        often = np.fromiter(self.votes.counts.values(), dtype=np.int64, count=len(texts))
        if kind == "cumulative":
            return self._weighed(texts, often)
        if kind == "ordinal":
            return self._ranked(texts, often, ordinal, top, meta)
        starts, items = self._items(texts)
        if kind == "choose-1" and len(items) and int(np.diff(starts).max()) > 1:
            vote = next(text for text in texts if "," in text)
            raise PabulibError(self.votes.rows.line_of(vote), f"这种选票只能选一项，这里写了“{vote}”。")
        ballots = Ballots.merged(starts, items, voters=often)
        if int(np.diff(ballots.starts) @ ballots.voters) < int(np.diff(starts) @ often):
            self.notes.append("有选票把同一个项目写了两遍，只算一次。")
        return ballots

    def _items(self, texts: list[str]) -> tuple["np.typing.NDArray[np.int64]", "np.typing.NDArray[np.int64]"]:
        """All texts at once: offsets of the rows, and project numbers."""
        filled = [text for text in texts if text and not text.isspace()]
        lengths = np.array([text.count(",") + 1 for text in filled], dtype=np.int64)
        if len(filled) < len(texts):
            all_lengths = np.zeros(len(texts), dtype=np.int64)
            all_lengths[[bool(text) and not text.isspace() for text in texts]] = lengths
            lengths = all_lengths
        words = ",".join(filled)
        codes = self.codes
        try:
            items = np.array([codes[word] for word in words.split(",")] if words else [], dtype=np.int64)
        except KeyError:
            items = np.array([self._code(word, text) for text in filled for word in text.split(",")])
        return np.concatenate([[0], np.cumsum(lengths)]), items

    def _code(self, word: str, text: str) -> int:
        number = self.codes.get(word.strip())
        if number is None:
            what = f"选票里的“{word.strip()}”不是本次的项目编号。" if word.strip() else "选票里多了一个逗号。"
            raise PabulibError(self.votes.rows.line_of(text), f"{what}{_near(word.strip(), self.codes)}请改正后再数。")
        return number

    def _weighed(self, texts: list[str], often: "np.typing.NDArray[np.int64]") -> Ballots:
        votes, points = zip(*(text.split(";", 1) for text in texts), strict=True) if texts else ((), ())
        starts, items = self._items(list(votes))
        worth: list[int] = []
        for text, vote, given in zip(texts, votes, points, strict=True):
            words = given.split(",") if given.strip() else []
            if len(words) != (vote.count(",") + 1 if vote.strip() else 0) or not all(
                w.strip().isdigit() for w in words
            ):
                line = self.votes.rows.line_of(text)
                raise PabulibError(line, f"分数“{given}”要与选票“{vote}”的项目一一对应，都是整数，用逗号隔开。")
            worth.extend(int(word) for word in words)
        given_points = np.array(worth, dtype=np.int64)
        kept = given_points > 0  # no points is no support
        before = np.concatenate([[0], np.cumsum(kept)])
        return Ballots.merged(before[starts], items[kept], given_points[kept], often)

    def _ranked(
        self,
        texts: list[str],
        often: "np.typing.NDArray[np.int64]",
        ordinal: Ordinal,
        top: int | None,
        meta: Mapping[str, tuple[int, str]],
    ) -> Ballots:
        starts, items = self._items(texts)
        place = np.arange(len(items)) - np.repeat(starts[:-1], np.diff(starts))
        longest = int(np.diff(starts).max(initial=0))
        if "max_length" in meta and meta["max_length"][1].isdigit():
            longest = max(longest, int(meta["max_length"][1]))
        kept = place < (longest if top is None else top)
        before = np.concatenate([[0], np.cumsum(kept)])
        points = (longest - place)[kept] if ordinal == "borda" else None
        return Ballots.merged(before[starts], items[kept], points, often)


def _disagreements(
    meta: Mapping[str, tuple[int, str]], projects: list[tuple[int, Project]], election: Election
) -> Iterator[str]:
    """Numbers that the file states about itself, where the count differs."""
    counted = {"num_projects": len(projects), "num_votes": election.voters}
    for key, number in counted.items():
        if key in meta and meta[key][1] != str(number):
            yield f"第 {meta[key][0]} 行写的 {key} 是 {meta[key][1]}，实际数到 {number}。"
    if election.kind == "ordinal":
        return
    column = "score" if election.kind == "cumulative" else "votes"
    stated = ((line, project.id, project.more.get(column, "")) for line, project in projects)
    wrong = [
        (line, one, word, score)
        for (line, one, word), score in zip(stated, election.scores, strict=True)
        if word.isdigit() and int(word) != score
    ]
    for line, one, word, score in chain(wrong[:3]):
        yield f"第 {line} 行项目“{one}”写的票数是 {word}，实际数到 {score}。"
    if len(wrong) > 3:
        yield f"另有 {len(wrong) - 3} 个项目写的票数与实际数到的不同。"
