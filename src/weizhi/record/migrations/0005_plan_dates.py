from django.db import migrations

from weizhi.charters.loading import thaw
from weizhi.record import clock
from weizhi.record.actions.plan_dates import first_dates, planned


def plan_all(apps, schema_editor):
    """Charters adopted before calendars opened anything: note when theirs do so next."""
    adopted = apps.get_model("people", "CharterAdoption").objects.order_by("community", "since").select_related("text")
    rows = apps.get_model("people", "NextDate")
    now = clock.now()
    for community, text in {one.community_id: one.text.text for one in adopted.iterator()}.items():
        for entry, fall in first_dates(thaw(text), now).items():
            planned(rows(community_id=community, entry=entry), fall, now).save()


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_calendar_dates'),
        ('record', '0004_digests'),
    ]

    operations = [migrations.RunPython(plan_all, migrations.RunPython.noop)]
