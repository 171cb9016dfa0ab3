"""大事、小事、私事: whose is it? A suggestion from what was said and from the category, with its reason.

A big matter is a government department's, a small one the committee's, an organisation's or a neighbouring company's,
a private one the resident's own or the market's (三事分流, 南岸). People confirm or correct it;
nothing is refused by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from weizhi.methods.text.keywords import because_of, occurring

Size = Literal["big", "small", "private"]
TITLES: Mapping[Size, str] = {"big": "大事", "small": "小事", "private": "私事"}

# What makes a matter big whatever else was said: somebody may be hurt.
DANGER = (
    "起火",
    "着火",
    "火灾",
    "爆炸",
    "燃气泄漏",
    "煤气泄漏",
    "坍塌",
    "触电",
    "危房",
    "伤人",
    "持刀",
    "失踪",
    "轻生",
    "家暴",
)
WORDS: Mapping[Size, tuple[str, ...]] = {
    "big": (
        "拆迁",
        "征地",
        "规划",
        "学区",
        "学位",
        "医保",
        "社保",
        "低保",
        "公交线",
        "公交车",
        "地铁",
        "市政",
        "主干道",
        "红绿灯",
        "违建",
        "违章建筑",
        "非法集资",
        "诈骗",
        "工地",
        "排污",
        "污染",
        "停水",
        "停电",
        "断水",
        "断电",
        "房产证",
        "烂尾",
        "拖欠工资",
    ),
    "small": (
        "楼道",
        "楼栋",
        "单元门",
        "门禁",
        "垃圾",
        "路灯",
        "停车",
        "车位",
        "车棚",
        "绿化",
        "草坪",
        "广场舞",
        "遛狗",
        "堆放",
        "杂物",
        "健身器材",
        "充电桩",
        "飞线",
        "小广告",
        "井盖",
        "噪音",
        "物业",
        "保洁",
        "晾晒",
        "种菜",
        "电梯",
    ),
    "private": (
        "家里的",
        "自家",
        "我家里",
        "夫妻",
        "婆媳",
        "离婚",
        "赡养",
        "分家",
        "遗产",
        "借钱",
        "欠我",
        "房东",
        "租金",
        "押金",
        "退款",
        "保姆",
        "月嫂",
        "家政",
        "家电",
        "修空调",
        "开锁",
        "搬家",
        "相亲",
        "网购",
        "快递丢",
        "疏通马桶",
        "室内",
    ),
}


@dataclass(frozen=True)
class Rules:
    """A community's own words and categories, on top of or in place of the ones here."""

    words: Mapping[Size, tuple[str, ...]] = field(default_factory=lambda: WORDS)
    categories: Mapping[str, Size] = field(default_factory=dict)  # category → size, as the charter says
    danger: tuple[str, ...] = DANGER


@dataclass(frozen=True)
class SizeSuggestion:
    size: Size
    certainty: float
    reason: str


def suggest_size(
    title: str, text: str = "", *, category: str = "", category_title: str = "", rules: Rules | None = None
) -> SizeSuggestion | None:
    """The size, or None where neither words nor category say anything. Danger first, then words, then the category.

    The certainty is the share of the words that spoke for it (at most 0.9); a category alone counts 0.6.
    """
    rules = rules or Rules()
    whole = f"{title}\n{text}"
    if danger := occurring(rules.danger, whole):
        return SizeSuggestion("big", 0.9, because_of(danger))
    said = {size: occurring(words, whole) for size, words in rules.words.items()}
    weight = {size: sum(map(len, words)) for size, words in said.items()}
    by_category = rules.categories.get(category)
    if by_category is not None:
        weight[by_category] = weight.get(by_category, 0) + 2  # as much as one word
    if not any(weight.values()):
        return None
    # A tie goes to the small: the committee looks at it, and can send it on either way.
    size = max(weight, key=lambda one: (weight[one], one == "small", one == "big"))
    reasons = [because_of(said[size])] if said.get(size) else []
    if by_category == size:
        reasons.append(f"因为类别是“{category_title or category}”")
    share = weight[size] / sum(weight.values())
    return SizeSuggestion(size, round(share * (0.9 if said.get(size) else 0.6), 4), "，".join(reasons))
