from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliberationConfig(AppConfig):
    name = "weizhi.deliberation"
    verbose_name = _("议事")

    def ready(self) -> None:
        from weizhi.deliberation.doors import answer_door, check_in_door, fill_in_door
        from weizhi.deliberation.hall_doors import HALL_DOORS
        from weizhi.deliberation.hall_ties import check_no_open_hall, forget_in_halls
        from weizhi.deliberation.in_force import cite_article
        from weizhi.deliberation.kinds import DELIBERATION_KINDS
        from weizhi.deliberation.ties import check_not_asked
        from weizhi.matters.registry import register, register_citing, register_door, register_forgetting, register_tie

        for kind in DELIBERATION_KINDS:
            register(kind())
        register_door("check-in", check_in_door)
        register_door("fill-in", fill_in_door)
        register_door("answer-invitation", answer_door)
        register_tie(check_not_asked)
        register_citing(cite_article)
        for verb, door in HALL_DOORS.items():
            register_door(verb, door)
        register_tie(check_no_open_hall)
        register_forgetting(forget_in_halls)
