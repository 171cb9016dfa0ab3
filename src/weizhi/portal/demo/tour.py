"""The tour: for each of the six people three things worth trying, and the page on which each begins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weizhi.matters.models import Matter, Party, Step
from weizhi.people.access import Standing, person_key

To = Callable[[Standing], str]


@dataclass(frozen=True)
class Try:
    """What to try and where it begins; `to` is asked when it is chosen, so that the tour itself asks nothing."""

    key: str
    words: str | Promise
    to: To


def page(name: str, more: str = "") -> To:
    return lambda _who: reverse(f"portal:{name}") + more


def waiting_at(*steps: str) -> To:
    """The matter that waits for this person at one of the steps, the most pressing first; else the work table."""

    def find(who: Standing) -> str:
        rows = Party.objects.filter(who__in=who.keys, step__key__in=steps, step__closed_at=None)
        found = rows.order_by("due").values_list("matter", flat=True).first()
        return reverse("portal:matter", args=[found]) if found else reverse("portal:home")

    return find


def own() -> To:
    """The newest matter that this person raised and that is not over."""

    def find(who: Standing) -> str:
        assert who.person_id is not None
        mine = Party.objects.filter(relation=Party.RAISER, who=person_key(who.person_id)).values("matter")
        found = Matter.objects.filter(pk__in=mine, ended_at=None).order_by("-raised_at").first()
        return reverse("portal:matter", args=[found.pk]) if found else reverse("portal:mine")

    return find


def standing_at(step: str, name: str) -> To:
    """The page of that name of the matter that stands at the step, the one that is due first; else what is common."""

    def find(who: Standing) -> str:
        rows = Step.objects.open().filter(key=step, matter__community__in=who.communities).order_by("due")
        found = rows.values_list("matter", flat=True).first()
        return reverse(name, args=[found]) if found else reverse("portal:common")

    return find


def last_minutes(who: Standing) -> str:
    """The minutes of the meeting that was held last."""
    held = Matter.objects.filter(community__in=who.communities, kind="sitting", ended_as="held").order_by("-ended_at")
    found = held.values_list("pk", flat=True).first()
    return reverse("portal:minutes", args=[found]) if found else reverse("portal:common")


def of_next_door(who: Standing) -> str:
    """A matter of a community that is not this person's: it must not be found."""
    others = Matter.objects.exclude(community__in=who.communities)
    found = others.order_by("number").values_list("pk", flat=True).first()
    return reverse("portal:matter", args=[found]) if found else reverse("portal:common")


TOUR: Final[dict[str, tuple[Try, ...]]] = {
    "lin": (
        Try("report", _("拍张照，报一件事"), page("report")),
        Try("rate", _("自行车挪走了：说说满不满意"), waiting_at("rate")),
        Try("hall", _("月亮塘边的空地怎么用：说同意不同意"), standing_at("hall", "portal:hall")),
    ),
    "zhou": (
        Try("desk", _("今天等他办的，分派一件"), page("desk")),
        Try("record-for", _("邻居打来电话：替他记一件"), page("record-for")),
        Try("map", _("在地图上看，哪里事情多"), page("map")),
    ),
    "wang": (
        Try("late", _("哪些晚了，晚了多久"), page("desk", "?due=late")),
        Try("sitting", _("下一次议事会：看看议程，定先后"), standing_at("sit", "portal:meeting")),
        Try("rules", _("改一条规矩，先看会怎样"), page("charter-try")),
    ),
    "chen": (
        Try("redo", _("差评退回来的一件，重新办"), waiting_at("redo")),
        Try("handle", _("最急的一件：办好，拍张照片"), waiting_at("handle", "part")),
        Try("all", _("所有等物业办的，按日子排"), page("desk")),
    ),
    "zhao": (
        Try("mediate", _("两家的狗吵架：约到顺顺吧"), waiting_at("talk")),
        Try("minutes", _("上一次议事会：谁来了，怎么定的"), last_minutes),
        Try("charter", _("看公约的图：一件事怎么走"), page("charter")),
    ),
    "guo": (
        Try("hidden", _("打开幸福里的一件事：外人看不到"), of_next_door),
        Try("report", _("在自己的光明里报一件"), page("report")),
        Try("mine", _("这里记着我什么，带走一份"), page("mine")),
    ),
}


def way_of(login: str, key: str) -> To | None:
    """Where a thing to try begins; None where there is no such thing."""
    return next((one.to for one in TOUR.get(login, ()) if one.key == key), None)
