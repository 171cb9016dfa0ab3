"""Two entries of the register become one (`matters.actions.merge_people`): not while a survey asks one of them."""

from weizhi.deliberation.models import Asked
from weizhi.matters.refused import Refused
from weizhi.people.models import Person


def check_not_asked(double: Person) -> None:
    """Raises Refused where an open survey asks this very entry: of two lines one answer must not become two."""
    asked = Asked.objects.filter(person=double, survey__closed_at__isnull=True)
    if row := asked.select_related("survey__matter").first():
        title = row.survey.matter.title
        raise Refused("not-yet", f"要停用的这一条正在“{title}”的问卷名单上。请等问卷收完以后再合并。")
