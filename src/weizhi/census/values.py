"""One cell at a time: what people type, as what it means. Pure. Each refusal says what to do."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from weizhi.charters.findings import nearest
from weizhi.places.coordinates import in_china

LOST = "\x00"  # stands in a cell whose number a spreadsheet has already rounded
STATUSES = {
    "居民": "resident", "住户": "resident", "常住": "resident", "户主": "resident", "家属": "resident",
    "业主": "owner", "产权人": "owner", "房主": "owner",
    "租户": "tenant", "租客": "tenant", "承租人": "tenant", "租住": "tenant",
    "成员": "member",
}  # fmt: skip
STATUS_WORDS = ("居民", "业主", "租户", "成员")
NAME_AT_MOST, FLOORS, LARGEST_AREA = 40, range(-9, 201), Decimal(100_000)
_SEPARATORS = re.compile(r"[、,;/\s+]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}[2-9]\d{6,7}")
_BUILDING = re.compile(r"(号楼|楼栋|号|楼|栋|幢|座|#)$")
_UNIT = re.compile(r"(单元|号门|门洞|门|梯)$")
_ROOM = re.compile(r"(号房|室|号|房)$")
_CODE = re.compile(r"[^\s/@|*]{1,24}")
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


class Wrong(Exception):
    """What the cell says cannot be meant; the message says what to do."""


def folded(text: str) -> str:
    """Full-width digits and letters as plain ones, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()


def code(text: str) -> str:
    """A code as it may stand in a path."""
    short = "".join(folded(text).split())
    if LOST in short or not _CODE.fullmatch(short) or short == "-":
        raise Wrong(f"“{_shown(text)}”不能作编号。请不要用 / @ | *，最多 24 个字。")
    return short


def building(text: str) -> str:
    return code(_BUILDING.sub("", folded(text)))


def unit(text: str) -> str:
    return code(_UNIT.sub("", folded(text)))


def room(text: str) -> str:
    return code(_ROOM.sub("", folded(text)))


def name(text: str, most: int = NAME_AT_MOST) -> str:
    found = " ".join(text.split())
    if len(found) > most or LOST in found:
        raise Wrong(f"“{_shown(text)}”太长了。最多 {most} 个字。")
    return found


def floor(text: str) -> int:
    found = folded(text).removesuffix("层").removesuffix("楼").removesuffix("F")
    found = f"-{found[1:]}" if found.upper().startswith("B") else found
    if not re.fullmatch(r"-?\d{1,3}", found) or int(found) not in FLOORS:
        raise Wrong(f"“{_shown(text)}”不是楼层。请写一个数，例如 3；地下一层写 -1。")
    return int(found)


def area_cm2(text: str) -> int:
    """Square metres as 0.01 m², which is how an area is registered."""
    try:
        found = Decimal(folded(text).removesuffix("平方米").removesuffix("㎡").removesuffix("m2"))
    except InvalidOperation:
        raise Wrong(f"“{_shown(text)}”不是面积。请写平方米数，例如 89.37。") from None
    if not found.is_finite() or not 0 < found < LARGEST_AREA or found != round(found, 2):
        raise Wrong(f"面积“{_shown(text)}”不对。请写登记的平方米数，最多两位小数，例如 89.37。")
    return int(found * 100)


def position(longitude: str, latitude: str) -> tuple[float, float]:
    """Longitude and latitude as they are written; which map they are from is another question."""
    if not longitude or not latitude:
        raise Wrong("经度和纬度要一起写。请补上另一个，或者两个都空着。")
    try:
        east, north = float(folded(longitude)), float(folded(latitude))
    except ValueError:
        raise Wrong(
            f"“{_shown(longitude)}，{_shown(latitude)}”不是坐标。请写成 121.5012 和 31.2345 这样的数。"
        ) from None
    if in_china(north, east) and not in_china(east, north):
        raise Wrong("经度和纬度写反了。请对调一下：经度在前，是较大的那个数。")
    if not in_china(east, north):
        raise Wrong(f"坐标（{_shown(longitude)}，{_shown(latitude)}）不在中国。请在地图上重新取一次。")
    return east, north


def statuses(text: str) -> tuple[str, ...]:
    """One or several of resident, owner, tenant, member."""
    words = [word for word in _SEPARATORS.split(folded(text)) if word]
    unknown = next((word for word in words if word not in STATUSES), "")
    if unknown or not words:
        near = nearest(unknown, STATUS_WORDS) or nearest(unknown, STATUSES) if unknown else ""
        asked = f"请写{'、'.join(STATUS_WORDS)}，可以写几个。"
        raise Wrong(f"不认识的关系“{_shown(unknown)}”。{asked}" + (f"最接近的是“{near}”。" if near else ""))
    return tuple(dict.fromkeys(STATUSES[word] for word in words))


def phone(text: str) -> str:
    if text.isdecimal() and text.isascii() and _MOBILE.fullmatch(text):
        return text
    digits = "".join(c for c in folded(text) if c not in " -()").removeprefix("+86").removeprefix("0086")
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Wrong("电话不对。手机写 11 位数字；座机写区号加号码，例如 021-68880000。")
    return digits


def id_number(text: str) -> str:
    """An 18-digit ID number whose check digit (GB 11643) and date are right."""
    if LOST in text:
        raise Wrong("身份证号被表格当成了数字，最后几位已经丢了。请把这一列设成“文本”，再照证件重新填。")
    digits = folded(text).upper().replace(" ", "")
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        raise Wrong(f"身份证号要 18 位，这里是 {len(digits)} 位。请照证件核对。")
    if not re.fullmatch(r"(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", digits[6:14]):
        raise Wrong("身份证号里的出生日期不对。请照证件核对。")
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != digits[17]:
        raise Wrong("身份证号的最后一位和前面的对不上，有一位写错了。请照证件核对。")
    return digits


def share(text: str) -> str:
    """A share of ownership as a fraction: 1/2, 50%, 0.5."""
    try:
        plain = folded(text).replace("⁄", "/")
        found = Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise Wrong(f"“{_shown(text)}”不是份额。请写成 1/2 或 50%。") from None
    if not 0 < found <= 1 or len(str(found)) > 20:
        raise Wrong(f"份额“{_shown(text)}”要大于 0、不超过 1。请写成 1/2 或 50%。")
    return str(found)


def close_to(word: str, names: Iterable[str]) -> str:
    """The sentence that offers the nearest right word, or nothing."""
    near = nearest(word, names)
    return f"最接近的是“{near}”。" if near else ""


def _shown(text: str) -> str:
    """A cell as an error may show it: short, and without what cannot be printed."""
    return "".join(c for c in text[:30] if c.isprintable())
