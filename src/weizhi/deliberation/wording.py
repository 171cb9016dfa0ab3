"""What the record's sentences add of a meeting: when and where, how many sat there, how they raised their hands."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.charters.surveying import TOO_FEW


def when_and_where(public: Mapping[str, Any]) -> str:
    """3月12日 19:00，居委会二楼."""
    if "starts" not in public:
        return str(public.get("where", ""))
    at = datetime.fromisoformat(str(public["starts"])).astimezone(ZONE)
    day = _("%(month)s月%(day)s日 %(time)s") % {"month": at.month, "day": at.day, "time": f"{at:%H:%M}"}
    return _("%(day)s，%(where)s") % {"day": day, "where": public.get("where", "")}


def seated(public: Mapping[str, Any]) -> str:
    """到会 3 席（共 4 席）; of a meeting told by hand: 到会 12 人."""
    if "seated" in public:
        return _("到会 %(seated)s 席（共 %(seats)s 席）") % public
    return _("到会 %(present)s 人") % public if "present" in public else ""


def hands(public: Mapping[str, Any]) -> str:
    """举手：赞成 3、反对 1; "" where none were counted."""
    words = {"for": _("赞成"), "against": _("反对"), "abstain": _("弃权")}
    counted = "、".join(f"{word} {public[key]}" for key, word in words.items() if key in public)
    return _("举手：%(counted)s") % {"counted": counted} if counted else ""


def task(public: Mapping[str, Any]) -> str:
    """请物业办，3月20日前办好; "" where nobody was asked."""
    said = public.get("task", {})
    day = date.fromisoformat(said["until"]) if said.get("until") else None
    who = _("请%(who)s办") % {"who": said["title"]} if said.get("who") else ""
    until = _("%(month)s月%(day)s日前办好") % {"month": day.month, "day": day.day} if day else ""
    return _("%(who)s，%(until)s") % {"who": who, "until": until} if who and until else who or until


def joined(*parts: str) -> str:
    """The parts that say something, each after a comma: they follow a sentence."""
    return "".join(f"，{part}" for part in parts if part)


def asked_and_back(public: Mapping[str, Any]) -> str:
    """从 380 户里抽了 200 户; when it is over: 问了 200 户，回了 143 户."""
    unit = _("户") if public.get("asks") == "households" else _("人")
    told = {"unit": unit, **{name: f"{public.get(name, 0):,}" for name in ("asked", "back", "population")}}
    if "back" in public:
        few = _("，回的太少") if public.get("outcome") == TOO_FEW else ""
        return _("问了 %(asked)s %(unit)s，回了 %(back)s %(unit)s") % told + few
    if public.get("seed"):
        return _("从 %(population)s %(unit)s里抽了 %(asked)s %(unit)s") % told
    return _("%(asked)s %(unit)s都问") % told


def severity_words(severity: str) -> str:
    """How pressing a point of the experts is."""
    return {"must": _("必须改"), "should": _("最好改"), "note": _("供参考")}.get(severity, severity)


def reply_words(reply: str) -> str:
    """What the authors say to a point."""
    return {"accept": _("照改"), "change": _("换个改法"), "decline": _("不改")}.get(reply, reply)


def invited(public: Mapping[str, Any]) -> str:
    """How many were found; once letters were out, to how many they came."""
    if "homes" not in public:
        return ""
    said = {name: public.get(name, 0) for name in ("homes", "bodies", "reached", "coming")}
    if "reached" not in public:
        return _("%(homes)s 户、%(bodies)s 个组织") % said
    left = said["homes"] - said["reached"]
    missed = _("，%(n)s 户没有送到") % {"n": left} if left else ""
    return (
        _("%(homes)s 户里送到 %(reached)s 户") % said
        + missed
        + (_("，%(coming)s 家说来") % said if said["coming"] else "")
    )


def delivered(public: Mapping[str, Any]) -> str:
    """What became of some letters: 12 封，放进信箱."""
    how = {"handed": _("当面交了"), "box": _("放进信箱"), "refused": _("不收"), "nobody": _("没有人")}
    return _("%(n)s 封，%(how)s") % {"n": public["letters"], "how": how[str(public["how"])]}
