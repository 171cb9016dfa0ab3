"""What every verb does alike: read JSON exactly, say what is wrong, answer as an object or as lines."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any


class Wrong(Exception):
    """The input cannot be used; the message says what to do."""


def answered(run: Callable[[], int]) -> int:
    """Run a verb; what is wrong goes to standard error in one line, and the exit code is 1."""
    try:
        return run()
    except (Wrong, ValueError, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 1


def answer(found: Mapping[str, Any], lines: Iterable[str], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for line in lines:
            print(line)
    return 0


def progress(words: str) -> None:
    print(words, file=sys.stderr)


class Clock:
    """Processor seconds of each stage: what another program on the machine does is not counted."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.process_time()

    def stop(self, stage: str) -> None:
        now = time.process_time()
        self.seconds[stage] = round(now - self.last, 6)
        self.last = now


def number(value: Fraction) -> int | float:
    """JSON's nearest: an integer where it is one."""
    return int(value) if value.denominator == 1 else float(value)


def load(path: Path) -> Any:
    """JSON with numbers as they are written: a fraction of a square metre must not become a double."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Fraction)
    except json.JSONDecodeError as wrong:
        raise Wrong(f"{path}：第 {wrong.lineno} 行第 {wrong.colno} 个字符处不是 JSON。请检查逗号和引号。") from None


def take(given: Any, where: str, known: Mapping[str, Any], *, needed: Iterable[str] = ()) -> dict[str, Any]:
    """The object's values, after every key is known, needed ones are there, and each has its type."""
    if not isinstance(given, dict):
        raise Wrong(f"{where}：这里要写一个对象，例如 {{{', '.join(f'“{key}”: …' for key in known)}}}。")
    for key, value in given.items():
        if key not in known:
            near = get_close_matches(key, list(known), n=1, cutoff=0.5)
            hint = f"最接近的是“{near[0]}”。" if near else f"可以写：{'、'.join(known)}。"
            raise Wrong(f"{where}：不认识“{key}”。{hint}")
        kinds = known[key] if isinstance(known[key], tuple) else (known[key],)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise Wrong(f"{where}：“{key}”的值 {json.dumps(value, ensure_ascii=False, default=str)} 种类不对。")
    for key in needed:
        if key not in given:
            raise Wrong(f"{where}：少了“{key}”。")
    return given
