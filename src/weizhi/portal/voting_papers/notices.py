"""What is put on the board before and after a vote, and the form by which somebody lets another vote for him."""

from collections.abc import Mapping
from typing import Any, Final

from weizhi.decisions.models import Vote
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w

SIDES: Final = {"yes": "同意", "no": "反对", "abstain": "弃权"}

NUMBERS: Final = "一二三四五六七八"
UNNAMED: Final = "无记名：票上不写名字，计票的时候票和名字分开，结果里对不出谁投了什么。"
NAMED: Final = "记名：计票以后，每一户的意见，名册上的人和计票人看得到。"


CHECKED_BY_ALL: Final = (
    "每投一次有一张回执。计票以后，公布回执名单、选票（不到五张的只公布总数）和一个重算的程序，"
    "看得到这次投票的人都可以自己重算。"
)
CHECKED_BY_ROLL: Final = (
    "每投一次有一张回执。计票以后，名册上的人可以下载回执名单、选票和一个重算的程序，自己重算一遍。"
)
PROVED: Final = (
    "这能证明：公布的票就是封存的票，数字没有算错。"
    "这不能证明：没有人在投的时候受过别人的影响；代记的票，以录音、签名为凭。"
)
PROVED_UNNAMED: Final = (
    "这能证明：公布的票就是封存的票，纸票的张数和名册对得上没有，数字没有算错。"
    "这不能证明：没有人在投的时候受过别人的影响；纸票写的是什么，以封存的原票为凭。"
)


def _called(vote: Vote) -> str:
    return "选举" if vote.kind == "elect" else "表决"


def notice(vote: Vote) -> dict[str, Any]:
    """表决公告: what is asked, by which rule, of whom, until when, and how one answers."""
    roll = vote.roll
    whole = f"{roll.size:,} 票，{roll.heads:,} 人" + (f"，{w.square(roll.area)}" if w.by_area(vote) else "")
    return {
        "title": f"{_called(vote)}公告",
        "subject": w.question(vote),
        "sections": [
            s.section(
                "一、表决什么", s.p(w.question(vote)), s.quote(text) if (text := _text(vote)) else None, _choices(vote)
            ),
            s.section(
                "二、怎样算数", *[s.p(words) for words in w.rule_words(vote) if words], s.p(w.abstain_words(vote))
            ),
            s.section(
                "三、谁来投",
                s.p(f"名册共 {whole}，{w.day(roll.frozen_at or vote.opens_at)}定下；此后买卖、搬家不影响这次表决。"),
                s.p(UNNAMED if vote.secret else NAMED),
            ),
            s.section(
                "四、什么时候",
                s.facts(
                    [
                        ("开始", f"{w.instant(vote.opens_at)}（{w.weekday(vote.opens_at)}）"),
                        ("截止", f"{w.instant(vote.closes_at)}（{w.weekday(vote.closes_at)}），到时一起开票"),
                    ]
                ),
            ),
            s.section("五、怎么投", s.facts(w.ways(vote))),
            s.section(
                "六、怎么核对",
                s.p(CHECKED_BY_ALL if vote.secret else CHECKED_BY_ROLL),
                s.mono(w.grouped(roll.root), "名册的校验码"),
            ),
        ],
        "issuer": w.issuer(vote),
        "date": w.day(vote.opens_at),
        "scan": "扫码投票",
    }


def _text(vote: Vote) -> str:
    return str(vote.brief.get("text", ""))


def _choices(vote: Vote) -> s.Block | None:
    if vote.brief.get("form") == "yes-no":
        return None
    if listed := vote.brief.get("projects"):
        shown = [(str(row["n"]), row["title"], row["place"], f"{row['cost'] / w.FEN:,.2f}") for row in listed]
        return s.table(["号", "项目", "在哪里", "费用（元）"], shown, [0, 1.4, 1, 0], [3])
    rows = [(str(n), option["title"]) for n, option in enumerate(vote.brief["options"], 1)]
    return s.table(["号", "选项"], rows, [0, 1])


def result(vote: Vote) -> dict[str, Any]:
    """结果公告: the result, each threshold with its numbers, what every side got, what was set aside."""
    told = vote.result
    return {
        "title": f"{_called(vote)}结果公告",
        "subject": w.question(vote),
        "sections": numbered(
            [
                s.section("", s.big(sealed(vote)), s.p(_notice(told))),
                *([s.section("门槛", s.bars(told["checks"]))] if told.get("checks") else []),
                *([s.section("各项", sides(vote))] if told.get("sides") or told.get("ranking") else []),
                s.section("谁参加了", *took_part(vote)),
                *([s.section("不计入的", aside(told))] if told.get("aside") else []),
                s.section("怎么核对", *_to_check(vote)),
            ]
        ),
        "issuer": w.issuer(vote),
        "date": w.day(vote.counted_at or vote.closes_at),
        "scan": "扫码核对结果",
    }


def numbered(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that have a title, counted as they stand: a result without thresholds has one less."""
    counted = iter(NUMBERS)
    return [{**one, "title": f"{next(counted)}、{one['title']}" if one["title"] else ""} for one in sections]


def sealed(vote: Vote) -> str:
    """The result in a few words, for the seal."""
    if "budget" in vote.result and vote.outcome != "no-quorum":
        return f"选上 {sum(row['place'] is not None for row in vote.result['budget']['projects'])} 个项目"
    return str(vote.result.get("page") or vote.outcome)


def _notice(told: Mapping[str, Any]) -> str:
    """The sentences of law; the thresholds' own follow as bars, and are not said twice."""
    words = str(told.get("notice", ""))
    for check in told.get("checks", ()):
        words = words.replace(check["sentence"], "")
    return (f"依据{told['law']}。" if told.get("law") else "") + words


def sides(vote: Vote) -> s.Block | None:
    """What every side or option got."""
    told, area = vote.result, w.by_area(vote)
    if "budget" in told:
        return projects(told["budget"]["projects"])
    if not told.get("sides"):
        titles = {option["key"]: option["title"] for option in vote.brief["options"]}
        return s.table(["选项", "票数"], [(titles.get(key, key), f"{n:,}") for key, n in told["ranking"]], [1, 0], [1])
    titles = SIDES | {option["key"]: option["title"] for option in vote.brief["options"]}
    ranked = dict(told.get("ranking") or ()) if vote.brief.get("form") == "ranking" else {}
    rows = [
        (
            titles.get(key, key),
            f"{one['heads']:,}",
            *([w.square(one["area"])] if area else []),
            *([f"{ranked.get(key, 0):,}"] if ranked else []),
        )
        for key, one in told["sides"].items()
    ]
    heads = ["意见", "人数", *(["专有部分面积"] if area else []), *(["得分"] if ranked else [])]
    return s.table(heads, rows, [1, *[0 for _ in heads[1:]]], list(range(1, len(heads))))


def projects(rows: list[dict[str, Any]]) -> s.Block:
    """Each project with its votes and, in a sentence, why it won or what it was short of."""
    shown = [
        (f"{row['n']}", row["title"], f"{row['cost'] / w.FEN:,.2f}", f"{row['votes']:,}", row["plain"]) for row in rows
    ]
    return s.table(["号", "项目", "费用（元）", "票数", "结果"], shown, [0, 1, 0, 0, 1.8], [2, 3], size=9.5)


def took_part(vote: Vote) -> list[s.Block]:
    told, area = vote.result, w.by_area(vote)
    rows = [("名册", f"{vote.roll.size:,} 票，{w.amounts({'heads': vote.roll.heads, 'area': vote.roll.area}, area)}")]
    if "present" in told:
        rows.append(("参加的", w.amounts(told["present"], area)))
    channels = [(w.CHANNELS.get(key, key), f"{n:,}") for key, n in told.get("channels", {}).items()]
    rows.append(("怎么投的", "，".join(f"{name} {n} 票" for name, n in channels)))
    rows += [("纸票", line) for line in urn_lines(told)]
    return [s.facts(rows)]


def urn_lines(told: Mapping[str, Any]) -> list[str]:
    """The papers of a secret vote: marked on the roll, found in the urn, and what became of them."""
    urn = told.get("urn")
    if not urn:
        return []
    found = (
        f"名册上记了 {urn['marked']:,} 位交纸票，票箱里两个人读得一样的 {urn['found']:,} 张，计入 {urn['counted']:,} 张"
    )
    none = [
        (urn["blank"], "空白"),
        (urn["spoilt"], "作废"),
        (urn["once"], "没有读成一样的两遍"),
        (urn["broken"], "被改过或后来加的"),
    ]
    found += "".join(f"，{name} {n:,} 张" for n, name in none if n)
    more = urn["found"] - urn["marked"]
    found += f"，少 {-more:,} 张" if more < 0 else f"，多 {more:,} 张，整次无效" if more else ""
    return [found + "。", *([f"读票的人写的原因：{urn['why']}"] if urn["why"] else [])]


def aside(told: Mapping[str, Any]) -> s.Block:
    return s.table(["哪一户", "为什么不计入"], [(label or "—", why) for label, why in told["aside"]], [0, 1])


def _to_check(vote: Vote) -> list[s.Block]:
    file = "名册上的人" if not vote.secret else "看得到这次表决的人"
    return [
        s.p(f"{file}可以扫码下载公布文件和重算程序，用下面的校验码核对。手里有回执的，可以查自己的一票在不在里面。"),
        s.mono(w.grouped(vote.root), "结果的校验码"),
        s.p(PROVED_UNNAMED if vote.secret else PROVED),
        *(
            [s.p("业主认为这个决定侵害了自己的合法权益，可以请求人民法院撤销（《民法典》第二百八十条）。")]
            if w.by_area(vote)
            else []
        ),
    ]


def proxy(vote: Vote) -> dict[str, Any]:
    """委托书: who lets whom vote on what, within the law's limits."""
    limits = ["委托要书面，写明委托谁、委托什么事；口头委托不算。", "本人投了票的，以本人的为准，委托的票不计入。"]
    if vote.kind == "elect":
        limits += [
            "一个人最多接受三个人的委托；候选人不能接受委托；受托人要是本居民区的选民（《城市居民委员会组织法》第十九条）。",
            "委托的名单在投票以前公布。",
        ]
    else:
        limits.append("几个人共有一户的，要共有人一起签名，或者附上推选代表的书面材料。")
    return {
        "title": "委托书",
        "subject": w.question(vote),
        "sections": [
            s.section(
                "",
                s.p(f"我委托下面的人，在“{w.question(vote)}”这次{_called(vote)}里替我投票。"),
            ),
            s.section("委托人", s.fill("姓名", "房屋（或住址）", "名册上的号", "电话")),
            s.section("受托人", s.fill("姓名", "住址", "电话")),
            s.section(
                "我的意见（可以不填，由受托人决定）",
                s.p("　　".join(f"□ {option['title']}" for option in vote.brief["options"][:8])),
            ),
            *(
                [s.section("没有选满、另行选举时", s.p("□ 也由他替我投（不打“√”，只管这一次）"))]
                if vote.kind == "elect"
                else []
            ),
            s.section(
                "说明",
                *[s.p(f"{n}. {words}") for n, words in enumerate(limits, 1)],
                s.p(f"有效期到 {w.instant(vote.closes_at)} 投票截止。请在这以前交给{w.issuer(vote)}。"),
            ),
            s.section("", s.sign("委托人签名、日期", "受托人签名、日期")),
        ],
        "issuer": "",
        "date": "",
        "scan": "扫码看这次表决",
    }
