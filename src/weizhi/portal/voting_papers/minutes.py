"""计票记录: everything that a court would ask for when a decision is challenged (民法典 280)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max, Min, Q

from weizhi.decisions.models import Entitlement, Envelope, Receipt, Speaker, Vote
from weizhi.portal.saying import number
from weizhi.portal.voting_papers import notices
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import wording as w
from weizhi.record.models import Delivery, Entry

CHANNELS: Final = {"page": "站内消息", "email": "邮件", "sms": "短信", "group": "微信群"}
AT_MOST: Final = 500


def minutes(vote: Vote, *, evidence: bool) -> dict[str, Any]:
    """evidence: each ballot that was written down for somebody, with its paper; for the clerks."""
    told = vote.result
    return {
        "title": "计票记录",
        "subject": w.question(vote),
        "sections": [
            s.section(
                "一、事项", s.facts(_what(vote)), s.head("表决的全文"), s.quote(str(vote.brief.get("text", "")) or "—")
            ),
            s.section("二、规则", *[s.p(words) for words in w.rule_words(vote) if words], s.p(w.abstain_words(vote))),
            s.section("三、公告和送达", *_notified(vote)),
            s.section("四、名册", *_roll(vote)),
            s.section("五、收票", *_received(vote)),
            s.section("六、不计入的", *_aside(vote)),
            s.section(
                "七、计票",
                s.p(told.get("minutes") or told.get("notice", "")),
                notices.sides(vote) if told.get("sides") else None,
            ),
            s.section("八、结果", s.big(notices.sealed(vote))),
            s.section("九、复核", *_to_check(vote)),
            s.section(
                "十、签字",
                s.sign("计票人（签名、日期）", "计票人（签名、日期）", "监票人（签名、日期）", "主持人（签名、日期）"),
            ),
            *(list(_evidence(vote)) if evidence else []),
        ],
        "issuer": w.issuer(vote),
        "date": w.day(vote.counted_at or vote.closes_at),
        "scan": "扫码核对结果",
    }


def _what(vote: Vote) -> list[tuple[str, str]]:
    return [
        ("编号", number(vote.matter)),
        ("题目", w.question(vote)),
        ("票上的选项", "、".join(option["title"] for option in vote.brief["options"])),
        ("方式", "无记名" if vote.secret else "记名"),
        ("开始", w.instant(vote.opens_at)),
        ("截止", w.instant(vote.closes_at)),
        ("开票", w.instant(vote.counted_at) if vote.counted_at else ""),
        ("经办", w.issuer(vote)),
    ]


def _notified(vote: Vote) -> Iterator[s.Block]:
    """When it was made known, and how many were told in person. One query."""
    days = (vote.closes_at - vote.opens_at).days
    yield s.p(f"{w.instant(vote.opens_at)}公布并开始投票，到 {w.instant(vote.closes_at)}截止，共 {days} 天。")
    rows = (
        Delivery.objects.filter(entry__stream=vote.matter.stream_id, send_at__lte=vote.closes_at)
        .values("channel")
        .annotate(
            to=Count("to", distinct=True), sent=Count("pk", filter=Q(sent_at__isnull=False)), seen=Count("seen_at")
        )
        .order_by("channel")
    )
    told = [
        (CHANNELS.get(row["channel"], row["channel"]), f"{row['to']:,}", f"{row['sent']:,}", f"{row['seen']:,}")
        for row in rows
    ]
    if told:
        yield s.table(["送达方式", "人数", "已送出（次）", "已看到（次）"], told, [1, 0, 0, 0], [1, 2, 3])
    yield s.p("张贴在公告栏的，附照片或者张贴人签名：")
    yield s.fill("张贴的地方、日期")


def _roll(vote: Vote) -> Iterator[s.Block]:
    roll = vote.roll
    yield s.facts(
        [
            ("定下", w.instant(roll.frozen_at) if roll.frozen_at else ""),
            ("票", f"{roll.size:,}"),
            ("人", f"{roll.heads:,}（同一业主的几处合为一人）" if roll.heads != roll.size else f"{roll.heads:,}"),
            ("专有部分面积", w.square(roll.area) if w.by_area(vote) else ""),
        ]
    )
    struck = list(Entitlement.objects.filter(roll=roll, struck_at__isnull=False).order_by("n")[:AT_MOST])
    if struck:
        yield s.head("异议以后从名册划去的")
        yield s.table(
            ["号", "名册上的写法", "为什么"], [(str(one.n), one.label, one.struck_why) for one in struck], [0, 1, 2]
        )
    yield s.mono(w.grouped(roll.root), "名册的校验码")


def _received(vote: Vote) -> Iterator[s.Block]:
    """Every way by which ballots came, with who wrote them down. Three queries."""
    rows = (
        Envelope.objects.filter(vote=vote)
        .values("channel", "recorded_by__name")
        .annotate(all=Count("pk"), spoke=Count("spoken"), first=Min("cast_at"), last=Max("cast_at"))
        .order_by("channel", "recorded_by__name")
    )
    yield s.table(
        ["方式", "谁记的", "收到", "计入", "最早", "最晚"],
        [
            (
                w.CHANNELS.get(row["channel"], row["channel"]),
                row["recorded_by__name"] or "本人",
                f"{row['all']:,}",
                f"{row['spoke']:,}",
                _short(row["first"]),
                _short(row["last"]),
            )
            for row in rows
        ],
        [0, 1, 0, 0, 0, 0],
        [2, 3],
    )
    yield from (s.p(line) for line in notices.urn_lines(vote.result))
    states = dict(Receipt.objects.filter(vote=vote).values_list("state").annotate(Count("pk")))
    yield s.facts(
        [
            ("发出回执", f"{sum(states.values()):,} 张"),
            (
                "其中",
                f"计入 {states.get('counted', 0):,}，不计入 {states.get('aside', 0):,}，"
                f"投票人改过、被新的代替 {states.get('replaced', 0):,}"
                + (f"，交了纸票 {states['urn']:,}" if states.get("urn") else "")
                + (f"，记错的纸票收回 {states['back']:,}" if states.get("back") else ""),
            ),
            (
                "书面委托",
                f"{_proxies(vote):,} 份",
            ),
        ]
    )


def _proxies(vote: Vote) -> int:
    """Papers that held for this ballot, those taken back among them."""
    given = Speaker.objects.filter(entitlement__roll=vote.roll_id, as_what=Speaker.As.PROXY)
    return given.filter(Q(vote=None) | Q(vote=vote)).count()


def _short(at: datetime) -> str:
    there = at.astimezone(w.ZONE)
    return f"{there.month} 月 {there.day} 日 {there:%H:%M}"


def _aside(vote: Vote) -> Iterator[s.Block]:
    told = vote.result
    said = [
        (told.get("merged"), "有 {n:,} 票和同一户计入的那一票合为一票（说得一样，或者以推选的代表为准）。"),
        (told.get("half_read"), "有 {n:,} 张纸票截止前没有两个人录得一样，没有进票箱。"),
        (told.get("unreadable"), "有 {n:,} 个票封打不开（内容被改动过），没有计入。"),
        (told.get("unreceipted"), "有 {n:,} 个票封系统没有发过回执，没有计入。"),
        (told.get("changed"), "题目、规则、名册或者截止时间在投票开始以后被改动过，结果不能作数，要先查清楚。"),
    ]
    lines = [words.format(n=int(n)) for n, words in said if n]
    if told.get("aside"):
        yield notices.aside(told)
    yield from (s.p(line) for line in lines)
    if not told.get("aside") and not lines:
        yield s.p("没有。")


def _to_check(vote: Vote) -> Iterator[s.Block]:
    entry = Entry.objects.filter(stream=vote.matter.stream_id, at__gte=vote.closes_at).order_by("n").first()
    yield s.p(
        (
            "投票期间票封着。截止以后开票箱，纸票按号码由两个人各读一遍。"
            if vote.result.get("urn")
            else "投票期间票封着。"
        )
        + "截止以后在一次运算里全部打开、计票，随后票封清空。下面的校验码由名册、回执、选票和结果一起算出，"
        + (f"写进了这件事的第 {entry.n} 条记录。" if entry else "写进了这件事的记录。")
    )
    yield s.mono(w.grouped(vote.root), "结果的校验码")
    command = f"python3 recount.py published.json --root {vote.root[:16]}…（写全 64 位）"
    yield s.mono(command, "任何人拿公布文件和重算程序（一个文件，只要 Python）可以重算")


def _evidence(vote: Vote) -> Iterator[dict[str, Any]]:
    """Annex: ballots that somebody else wrote down, so that each can be gone back to."""
    rows = (
        Envelope.objects.filter(vote=vote, recorded_by__isnull=False)
        .select_related("entitlement", "recorded_by")
        .annotate(spoke=Count("spoken"))
        .order_by("entitlement__n")[: AT_MOST + 1]
    )
    told = [
        (
            str(row.entitlement.n),
            row.entitlement.label,
            w.CHANNELS.get(row.channel, row.channel),
            row.evidence,
            row.recorded_by.name if row.recorded_by else "",
            _short(row.cast_at),
            "计入" if row.spoke else "不计入",
        )
        for row in rows
    ]
    if told:
        heads = ["号", "哪一户", "方式", "凭据", "谁记的", "什么时候", ""]
        more = s.p(f"还有更多，请按 {AT_MOST} 条一份分次打印。") if len(told) > AT_MOST else None
        yield s.section("附：代记的票和凭据", s.table(heads, told[:AT_MOST], [0, 1, 0, 1.4, 0, 0, 0], size=9.5), more)
