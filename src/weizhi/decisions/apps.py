from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    name = "weizhi.decisions"
    verbose_name = _("表决")

    def ready(self) -> None:
        from weizhi.decisions import (
            counting_seats,  # registers its counter
            doors,
        )
        from weizhi.decisions.candidates import register_gate
        from weizhi.decisions.electors import ElectorsNow
        from weizhi.decisions.kinds import DECISION_KINDS
        from weizhi.decisions.ties import check_no_open_roll
        from weizhi.matters.registry import register, register_door, register_electors, register_tie

        for kind in DECISION_KINDS:
            register(kind())
        assert counting_seats
        register_gate()
        register_electors(ElectorsNow())
        register_tie(check_no_open_roll)
        for verb, door in doors.DOORS.items():
            register_door(verb, door)
