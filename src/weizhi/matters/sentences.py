"""Sentences of the record: entries carry none; each kind registers one for each verb and audience.

Placeholders: {who} (with post), {outcome}, {step}, {next}, {due}, {category}, {detail}.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weizhi.charters.models import Charter

Audience = Literal["resident", "desk", "print"]
Words = str | Promise


@dataclass(frozen=True)
class Saying:
    """One sentence an audience; the desk's and the print's default to the resident's."""

    resident: Words
    desk: Words | None = None
    print: Words | None = None

    def to(self, audience: Audience) -> Words:
        chosen = {"resident": self.resident, "desk": self.desk, "print": self.print}[audience]
        return chosen if chosen is not None else self.resident


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def fill(saying: Saying, audience: Audience, **values: Any) -> str:
    """The sentence in the reader's language."""
    return str(saying.to(audience)).format_map(_Blank(values)).strip()


# What time, or the engine itself, does at any step.
BY_ITSELF: dict[str, Saying] = {
    "route": Saying(_("按章程转到“{next}”{because}。")),
    "fork": Saying(_("同时请几方一起办。")),
    "join": Saying(_("各方都有了结果：{outcome}。")),
    "overdue": Saying(_("期限到了，还没有办。已经提醒{tell}。"), desk=_("逾期，已提醒{tell}。")),
    "lapse": Saying(_("期限到了，按章程转到“{next}”。")),
    "put-off": Saying(_("到时间了，可是下一步还开不了，每天会再试一次。已经告诉{tell}。")),
    "calendar": Saying(_("到了日子（{detail}），按章程开了这件事"), desk=_("按日历开（{detail}）")),
    "joined": Saying(_("同样的另一件事（{detail}）并了进来。")),
    "happened": Saying(_("{who}办了“{step}”。")),
}

# Verbs that stand beside the steps.
BESIDE: dict[str, Saying] = {
    "comment": Saying(_("{who}说")),
    "note": Saying(_("{who}记了一笔")),
    "follow": Saying(_("{who}关注了这件事")),
    "support": Saying(_("{who}也支持{detail}")),
    "take-back": Saying(_("{who}把“{step}”收了回来{sent}"), desk=_("{who}收回“{step}”{sent}")),
    "suspend": Saying(_("{who}暂停了这件事{detail}")),
    "resume": Saying(_("{who}让这件事接着办")),
    "merge": Saying(_("{who}把它并入了同样的一件事（{detail}）")),
    "withdraw": Saying(_("{who}撤回了这件事")),
    "withdraw-consent": Saying(_("{who}收回了同意，这件事马上停下")),
    "read-number": Saying(_("{who}看了留下的电话")),
    "speaker": Saying(_("{who}登记了一份书面委托"), desk=_("{who}登记：名册第 {line} 号由别人来投")),
    "speaker-ended": Saying(_("{who}登记收回了委托")),
    "claim": Saying(_("{who}凭小票认了这件事")),
    "dispute": Saying(_("{who}对代为办理的一笔提出了异议")),
    "declare-interest": Saying(_("{who}申报了利害关系，要回避")),
    "lift-interest": Saying(_("{who}取消了一个人的回避")),
    "object": Saying(_("{who}提出了异议")),
    "answer": Saying(_("{who}答复了异议{detail}")),
}


def name_title(charter: Charter, kind: str, name: str) -> str:
    """What a post, body, status or relation of a matter kind is called in front of people."""
    found = charter.posts.get(name) or charter.bodies.get(name)
    if found and found.title:
        return found.title
    return charter.kinds[kind].relation_titles.get(name) or str(STATUS_TITLES.get(name, name))


# Names of the charter that are neither post nor body.
STATUS_TITLES: dict[str, Words] = {
    "resident": _("住在这里的居民"),
    "owner": _("这里的业主"),
    "tenant": _("租住在这里的人"),
    "member": _("成员"),
    "anyone-signed-in": _("登录的人"),
    "raiser": _("提出的人"),
    "assignee": _("被指定的人"),
    "subject": _("当事人"),
    "supporter": _("支持的人"),
    "interested": _("有关的人"),
    "expert": _("专家"),
    "sent-to": _("派给的人"),
    "superior": _("他们的上级"),
}

# What common outcomes are called where the charter gives no title of its own.
OUTCOMES: dict[str, Words] = {
    "done": _("办好了"),
    "cannot": _("办不了"),
    "passed": _("通过"),
    "failed": _("没通过"),
    "good": _("满意"),
    "bad": _("不满意"),
    "met": _("各方都办好了"),
    "unmet": _("没有都办好"),
    "withdrawn": _("撤回"),
    "merged": _("并入别的事"),
    "cancelled": _("不再需要"),
    "elected": _("选出来了"),
    "short": _("没有选满"),
    "clear": _("没有异议"),
    "upheld": _("异议成立"),
    "reached": _("人数够了"),
    "not-reached": _("人数不够"),
    "too-few": _("回的太少"),
    "refused": _("没办成"),
    "picked": _("选上了"),
    "not-picked": _("没有选上"),
    "decided": _("选好了"),
    "no-quorum": _("参加的人不够"),
    "held": _("开成了"),
    "changes": _("要修改"),
    "signed": _("签好了"),
    "keep": _("留下来"),
    "change": _("改一改再试"),
    "cancel": _("取消试行"),
    "near": _("没有人要走远路"),
    "in-force": _("开始施行"),
    "overtaken": _("起草以后公约已经变了"),
    "agreed": _("同意"),
    "not-agreed": _("不同意"),
}
