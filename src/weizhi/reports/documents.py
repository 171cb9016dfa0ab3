"""The report as a document: made when a matter kind with `document = "report"` is raised."""

from weizhi.matters.models import Matter
from weizhi.matters.scene import Act
from weizhi.places.writing import insert_one
from weizhi.reports.models import Report
from weizhi.reports.slips import save_with_slip

IMPORT = "import:"  # how keys of imported messages begin


def make_report(matter: Matter, act: Act) -> None:
    report = Report(matter=matter, channel=_channel(act))
    if act.recorded:
        save_with_slip(report)
    else:
        insert_one(report)


def _channel(act: Act) -> Report.Channel:
    if act.key and act.key.startswith(IMPORT):
        return Report.Channel.IMPORTED
    if act.recorded:
        return Report.Channel(act.recorded.channel)
    return Report.Channel.OFFICER if act.on_behalf_of else Report.Channel.PHONE
