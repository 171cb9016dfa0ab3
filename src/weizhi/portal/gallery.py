"""Every piece in every state, with words as they occur: what ``/dev/gallery`` shows and tests look at.

The words are samples, not the product's: they are data here and not translated.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.templatetags.static import static

from weizhi.portal import money_pieces as money
from weizhi.portal import pieces as p

NOW: Final = datetime(2026, 11, 21, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG: Final = "阿卜杜热合曼·买买提吐尔逊"
DRAWING: Final = """<svg viewBox="0 0 640 90" width="640" height="90" role="img" fill="none" stroke="currentColor"
aria-label="报事 → 分办 → 去办 → 您评一评"><g font-size="15" text-anchor="middle" stroke="none" fill="currentColor">
<text x="60" y="50">您报事</text><text x="230" y="50">网格员看一看</text>
<text x="410" y="50">物业去办</text><text x="580" y="50">您评一评</text></g>
<rect x="10" y="24" width="100" height="42" rx="8"/><rect x="165" y="24" width="130" height="42" rx="8"/>
<rect x="360" y="24" width="100" height="42" rx="8" stroke-width="4"/>
<rect x="530" y="24" width="100" height="42" rx="8"/>
<path d="M110 45h52M295 45h62M460 45h67M580 66v16H410V68"/></svg>"""


@dataclass(frozen=True)
class Specimen:
    name: str
    note: str
    shown: tuple[p.Piece, ...]
    row: bool = False


def specimens() -> list[Specimen]:
    return [*_marks(), *_lists(), *_people(), *_stories(), *_desk(), *_forms(), *_choices(), *_counts()]


def _photo(words: str) -> p.Photo:
    return p.Photo(static("portal/img/sample.svg"), words, key="sample")


def _marks() -> list[Specimen]:
    return [
        Specimen(
            "期限与状态",
            "永远是词加形状，颜色只是第三个记号。",
            (
                p.Chip("还有 3 个工作日", "ok", NOW),
                p.Chip("今天 18:00 前", "soon", NOW),
                p.Chip("晚了 1 天", "late", NOW),
                p.Chip("等您说一声", "waiting"),
                p.Chip("正在办", "moving"),
                p.Chip("办好了", "done"),
                p.Chip("没办成", "refused"),
                p.Chip("先停一停", "paused"),
            ),
            row=True,
        ),
        Specimen(
            "印", "只盖在定下来的事上。", (p.Seal("办好了"), p.Seal("同意"), p.Seal("已定", large=True)), row=True
        ),
        Specimen(
            "回话",
            "说收到了什么、接下来是谁、到什么时候。",
            (
                p.Flash("收到了，编号 0231。", "done", "小周明天 18:00 前回复您。"),
                p.Flash("这件事有新变化。", "news", "刷新就能看到。"),
                p.Flash("您已经评过了，多谢。", "warning"),
                p.Flash("照片太大（32 MB）。请选小于 20 MB 的，或直接不带照片报。", "error"),
            ),
        ),
        Specimen(
            "哪里要改",
            "每一条都能点到要改的地方。",
            (p.Errors((("请写几个字：什么坏了？", "f-words"), ("请选在哪里。", "f-place"))),),
        ),
        Specimen(
            "空页",
            "说这里会有什么，给出第一步。",
            (
                p.Empty("还没有报过事", "您报的事、走到哪一步、谁在办，都会在这里。", "#", "报一件事"),
                p.Empty("都办完了", "现在没有等着我们办的事。"),
            ),
        ),
        Specimen(
            "数字",
            "数字总带着它数的是什么。",
            (
                p.Figure("87", "满意", "60 件里有 52 件评了分", " %"),
                p.Figure("2.4", "平均办结", "最近 30 天的 41 件", " 天"),
            ),
            row=True,
        ),
        Specimen(
            "进度",
            "可以先离开。",
            (p.Progress("正在导入往年的来信", 740, 1200, "1200 封里已经读了 740 封。您可以先关掉这一页。"),),
        ),
    ]


def _lists() -> list[Specimen]:
    sample = static("portal/img/sample.svg")
    return [
        Specimen(
            "等我办",
            "暖色的只有这一块。",
            (
                p.Cards(
                    "等您办",
                    (
                        p.Card(
                            "三楼楼道灯修好了吗？",
                            "#",
                            "3 栋 2 单元",
                            "物业说修好了，请您看一眼，说一声。",
                            (p.Chip("还有 3 天", "soon"),),
                        ),
                        p.Card("业主大会的通知，请您看一看", "#", "全小区", "", (p.Chip("还有 12 天", "ok"),)),
                    ),
                    "wait",
                    warm=True,
                ),
            ),
        ),
        Specimen(
            "事项列表",
            "",
            (
                p.Cards(
                    "我的事有变化",
                    (
                        p.Card(
                            "楼道里的感应灯坏了，晚上老人下楼看不见",
                            "#",
                            "3 栋 2 单元 · 编号 0231",
                            "陈经理：换了整套灯座，请您看看。",
                            (p.Chip("办好了", "done"),),
                            sample,
                            True,
                        ),
                        p.Card(
                            "垃圾桶离一楼窗户太近，夏天味道很重，能不能挪到车库那边去，我们这一排都同意",
                            "#",
                            "5 栋东侧 · 编号 0198",
                            "王主任：周四四方会上一起商量。",
                            (p.Chip("正在办", "moving"), p.Chip("还有 2 个工作日", "ok")),
                        ),
                    ),
                    "mine",
                    more="#",
                    more_words="全部",
                ),
            ),
        ),
        Specimen(
            "空列表",
            "",
            (
                p.Cards(
                    "我的事有变化",
                    (),
                    "none",
                    p.Empty("还没有报过事", "看到什么坏了、脏了、不方便，拍张照告诉我们。", "#", "报一件事"),
                ),
            ),
        ),
    ]


def _people() -> list[Specimen]:
    return [
        Specimen(
            "谁是谁",
            "演示里换一个人看。",
            (
                p.Persons(
                    (
                        p.PersonCard(
                            "lin",
                            "林姨",
                            "3 栋 2 单元居民",
                            "住在这里，有事就说一声。",
                            False,
                            (p.Choice("report", "报一盏坏了的楼道灯"), p.Choice("own", "看看断枝那件走到哪儿了")),
                        ),
                        p.PersonCard("zhou", "小周", "第二网格网格员", "走家串户，来的事先到他手里。", True),
                        p.PersonCard(
                            "long", LONG, "幸福里社区居民委员会副主任（主持日常工作）", "名字长的人也要放得下。", True
                        ),
                    )
                ),
            ),
        ),
        Specimen(
            "要点",
            "",
            (p.Facts((("在哪里", "3 栋 2 单元三楼楼道"), ("谁报的", "林姨"), ("什么时候", "11月19日 19:42"))),),
        ),
    ]


def _story(nexts: tuple[p.Next, ...], end: p.End | None = None) -> p.Story:
    lin, zhou, chen = p.Who("林姨"), p.Who("小周", "第二网格网格员"), p.Who("陈经理", "物业经理")
    day = timedelta(days=1)
    return p.Story(
        (
            p.Sentence(
                "报了这件事。",
                "11月19日 19:42",
                NOW - 2 * day,
                lin,
                "三楼楼道灯不亮了，晚上老人下楼看不见。\n灯罩里好像有水。",
                (_photo("三楼楼道，灯不亮"),),
            ),
            p.Sentence("收到了，请物业去修。", "昨天 08:15", NOW - day, zhou),
            p.Sentence("去修过了。", "昨天 16:20", NOW - day, chen, "换了灯泡。", (_photo("换好的灯"), _photo("灯罩"))),
            p.Sentence(
                "不满意。", "昨天 20:05", NOW - day, lin, "亮了一个钟头又灭了，还是漏水。", stars=p.Stars(1, "1 颗星")
            ),
            p.Sentence("到期了还没办好，已经告诉王主任。", "今天 09:00", NOW, tone="late"),
            p.Sentence(
                "代为说明。",
                "今天 11:30",
                NOW,
                p.Who(LONG, "幸福里社区居民委员会副主任（主持日常工作）", "小周当面替林姨记的"),
                "同意从应急维修里出。",
                seal=p.Seal("同意"),
            ),
            *(
                (
                    p.Sentence(
                        "谢谢您。",
                        "今天 15:00",
                        NOW,
                        lin,
                        "灯很亮，谢谢小周和陈师傅。",
                        stars=p.Stars(5, "5 颗星"),
                        tone="thanks",
                    ),
                )
                if end
                else ()
            ),
        ),
        nexts,
        end,
    )


def _stories() -> list[Specimen]:
    soon = p.Chip("明天 18:00 前", "soon", NOW)
    return [
        Specimen(
            "经过",
            "一竿竹，一节一件事，最新的在最下面；笋尖是接下来要做的。",
            (_story((p.Next("把灯座换掉", "物业 陈经理", soon),)),),
        ),
        Specimen(
            "经过 · 等您",
            "",
            (
                p.Story(
                    (p.Sentence("说修好了，请您看一眼。", "今天 14:10", NOW, p.Who("陈经理", "物业经理")),),
                    (p.Next("请您说一声：满意吗？", "等您", p.Chip("还有 3 天", "ok"), True),),
                ),
            ),
        ),
        Specimen(
            "经过 · 办完",
            "",
            (_story((), p.End("11月21日办好了。以后要是又坏，请再报一件，会接在这后面。", p.Seal("办好了"))),),
        ),
        Specimen("谁来定", "流程图里标出现在到了哪里。", (p.WhoDecides(DRAWING, open=True),)),
        Specimen(
            "为什么办不了",
            "",
            (
                p.WhyNot(
                    (
                        (
                            "现在到了“办理”，这一步由物业来办。",
                            'qingshan: …steps.handle.by = ["property"]',
                        ),
                    )
                ),
            ),
        ),
    ]


def _desk() -> list[Specimen]:
    rows = (
        p.Row(
            "0231",
            "三楼楼道灯不亮",
            "#",
            "3 栋 2 单元",
            "去办",
            "11月19日",
            p.Chip("晚了 1 天", "late", NOW),
            "物业 陈经理",
            photo=True,
        ),
        p.Row(
            "0240",
            "小区南门外占道停车，救护车进不来",
            "#",
            "南门",
            "分办",
            "今天 08:12",
            p.Chip("今天 18:00 前", "soon", NOW),
            "网格员 小周",
        ),
        p.Row(
            "0198",
            "垃圾桶离一楼窗户太近，夏天味道很重，能不能挪到车库那边去，我们这一排都同意",
            "#",
            "5 栋东侧",
            "去办",
            "11月3日",
            p.Chip("还有 4 个工作日", "ok", NOW),
            "物业 陈经理",
        ),
    )
    kinds = tuple(p.Choice(str(n), words) for n, words in enumerate(("楼道照明", "停车", "垃圾分类", "漏水", "噪音")))
    filters = (
        p.Field("q", "search", "找", placeholder="字、编号、地方", compact=True),
        p.Field("category", "choice", "类别", choices=kinds, compact=True, placeholder="全部"),
        p.Field("place", "choice", "在哪里", choices=kinds[:2], compact=True, placeholder="全部"),
    )
    tabs = (
        p.Tab("要办的", "#", 12, True),
        p.Tab("晚了", "#", 3, late=True),
        p.Tab("今天到期", "#", 2),
        p.Tab("在办的", "#"),
    )
    return [
        Specimen(
            "工作台",
            "先到期的在上面；条件在地址里；j k 回车。",
            (p.WorkTable(rows, tabs, filters, pager=p.Pager("第 1–25 件，共 61 件", "", "#"), begin="#"),),
        ),
        Specimen(
            "工作台 · 空",
            "",
            (p.WorkTable((), empty=p.Empty("都办完了", "现在没有等着我们办的事。居民一报事，这里就会出现。")),),
        ),
    ]


def _forms() -> list[Specimen]:
    places = tuple(
        p.Choice(str(n), w, h)
        for n, (w, h) in enumerate((("3 栋 2 单元", "您家楼下"), ("5 栋东侧", "上次报过"), ("南门", "上次报过")))
    )
    fields = (
        p.Field("photo", "photo", "拍张照片", "一张就够，没有也可以报"),
        p.Field("place", "place", "在哪里？", choices=places, value="0", required=True),
        p.Field(
            "words",
            "text",
            "什么事？",
            "说几个字就好。不用写电话和身份证号。",
            True,
            placeholder="比如：三楼楼道灯不亮",
        ),
    )
    wrong = (
        p.Field("photo2", "photo", "再拍一张", kept=(_photo("您上次选的照片"),), compact=True),
        p.Field("words2", "text", "什么事？", required=True, error="请写几个字：什么坏了？"),
        p.Field(
            "kind",
            "choice",
            "哪一类？",
            choices=tuple(p.Choice(str(n), w) for n, w in enumerate(("漏水", "照明", "停车", "噪音", "别的"))),
            error="请选一类。",
        ),
        p.Field("count", "count", "几户人家有这个问题？", unit="户", value="3"),
        p.Field("money", "fen", "大约多少钱？", value="120.50"),
        p.Field("day", "date", "哪天方便？"),
        p.Field("yes", "yes-no", "家里有人吗？", value="yes", required=True),
    )
    return [
        Specimen(
            "报事",
            "照片在最前面。",
            (
                p.Action("报一件事", "#", "k1", "raise", (p.Outcome("", "报上去", "primary"),), fields=fields),
                p.WhoSees("您、第二网格的网格员、居委会。", "您的门牌和电话别人看不到。"),
            ),
        ),
        Specimen(
            "表单的各种样子",
            "",
            (
                p.Action(
                    "记下情况",
                    "#",
                    "k2",
                    "handle",
                    (p.Outcome("", "记下", "primary"),),
                    fields=wrong,
                    errors=(("请写几个字：什么坏了？", "f-words2"),),
                    post="物业经理",
                ),
            ),
        ),
    ]


def _choices() -> list[Specimen]:
    rate = (
        p.Field(
            "outcome",
            "thumbs",
            "您满意吗？",
            required=True,
            value="good",
            choices=(p.Choice("good", "满意"), p.Choice("bad", "不满意")),
        ),
        p.Field(
            "stars", "stars", "给几颗星？", value="4", choices=tuple(p.Choice(str(n), f"{n} 颗星") for n in range(1, 6))
        ),
        p.Field("said", "text", "想说点什么？", placeholder="哪里好，哪里还不行"),
    )
    sort = (
        p.Outcome("property", "请物业去办", "primary"),
        p.Outcome("street", "报给街道"),
        p.Outcome("no", "这件办不了", "refuse"),
    )
    return [
        Specimen(
            "一步几种走法",
            "每种走法一个按钮，用的是章程里的词。",
            (
                p.Action(
                    "小周，这件事怎么办？",
                    "#",
                    "k3",
                    "sort",
                    sort,
                    fields=(p.Field("why", "text", "说一句为什么"),),
                    post="网格员",
                ),
            ),
        ),
        Specimen(
            "评一评",
            "",
            (p.Action("修得怎么样？", "#", "k4", "rate", (p.Outcome("", "说好了", "primary"),), fields=rate),),
        ),
        Specimen(
            "别的事",
            "收起来的表单。",
            (
                p.Action(
                    "补充一句",
                    "#",
                    "k5",
                    "comment",
                    (p.Outcome("", "补上", "plain"),),
                    fields=(p.Field("more", "text", "想补充什么？", required=True),),
                    folded=True,
                ),
            ),
        ),
    ]


def _counts() -> list[Specimen]:
    lines = (
        money.PassbookLine("11月3日", "给楼里老人送饭", "+ 20", "145"),
        money.PassbookLine("11月12日", "换一袋米", "− 60", "85", False),
        money.PassbookLine("11月20日", "周六捡垃圾，两小时", "+ 30", "115"),
    )
    links = (
        money.MoneyLink("爱心企业捐款", "5000.00 元", "10月8日 · 收据 0007"),
        money.MoneyLink("社区微基金", "1200.00 元", "11月2日四方会同意"),
        money.MoneyLink("楼道灯改造 · 施工", "1180.00 元", "11月18日付清 · 发票 2 张"),
        money.MoneyLink("公开账目", "20.00 元结余", "公示到 12月3日", False),
    )
    return [
        Specimen(
            "门槛",
            "人数和面积两条并排，线是要达到的地方。",
            (
                p.Threshold("同意的户数", "201 户", 58.3, 66.7, "三分之二", "还差 29 户。"),
                p.Threshold("同意的面积", "18 920 ㎡", 71.2, 66.7, "三分之二", "够了。"),
            ),
        ),
        Specimen("钱的去路", "", (money.MoneyPath(links),)),
        Specimen("存折", "像纸存折一样一行一行。", (money.Passbook("林姨", "积分", lines, "115"),)),
    ]
