"""What an import would do or did, in words."""

from collections.abc import Mapping

from weizhi.census.tables import KIND_WORDS

UNITS = {
    "estate": "个", "grid": "个", "building": "栋", "stairwell": "个", "household": "户", "space": "处",
    "person": "人", "residence": "条",
}  # fmt: skip
NAMES = {**KIND_WORDS, "person": "居民", "building": "楼栋"}


def new_words(counts: Mapping[str, int]) -> str:
    """新增 12 栋楼栋 … — in the order in which people think of them; "没有新的" where nothing is."""
    new = [f"{NAMES[kind]} {counts[kind]} {unit}" for kind, unit in UNITS.items() if counts.get(kind)]
    words = ["新增" + "、".join(new)] if new else []
    if changed := counts.get("changed"):
        words.append(f"补上位置、图形或网格 {changed} 处")
    return "，".join(words) or "没有新的"
