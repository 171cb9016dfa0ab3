"""The slip becomes part of the report it goes with: one row to write where there were two."""

from typing import Any

from django.db import migrations, models


def onto_reports(apps: Any, schema_editor: Any) -> None:
    Report, Slip = apps.get_model("reports", "Report"), apps.get_model("reports", "Slip")
    for matter, turn, code in Slip.objects.values_list("matter", "turn", "code_blind").iterator():
        Report.objects.filter(matter=matter).update(turn=turn, code_blind=code)


def off_reports(apps: Any, schema_editor: Any) -> None:
    Report, Slip = apps.get_model("reports", "Report"), apps.get_model("reports", "Slip")
    rows = Report.objects.filter(code_blind__isnull=False)
    for matter, turn, code, at in rows.values_list("matter", "turn", "code_blind", "matter__raised_at").iterator():
        Slip.objects.create(matter_id=matter, turn=turn, code_blind=code, made_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_from_programs"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="turn",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How many codes were taken before one was free."
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="code_blind",
            field=models.CharField(max_length=64, unique=True, null=True, blank=True),
        ),
        migrations.RunPython(onto_reports, off_reports),
        migrations.DeleteModel(name="Slip"),
    ]
