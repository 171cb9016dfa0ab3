"""The report as a document: made when a matter kind with `document = "report"` is raised."""

from weizhi.matters.models import Matter
from weizhi.matters.scene import Act
from weizhi.reports.models import Report

IMPORT = "import:"  # how keys of imported messages begin


def make_report(matter: Matter, act: Act) -> None:
    if act.key and act.key.startswith(IMPORT):
        channel = Report.Channel.IMPORTED
    else:
        channel = Report.Channel.OFFICER if act.on_behalf_of else Report.Channel.PHONE
    Report.objects.create(matter=matter, channel=channel)
