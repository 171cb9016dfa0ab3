"""Which envelope spoke for a line becomes a row of its own, and PostgreSQL keeps room beside what the count rewrites."""

import django.db.models.deletion
from django.db import migrations, models

# The count writes each of these rows once more. On a page with room its indexes need not be written again.
ROOM = (("decisions_envelope", 55), ("decisions_receipt", 50))


def carry_over(apps, _editor):
    envelopes = apps.get_model("decisions", "Envelope").objects.filter(counted=True)
    spoken = apps.get_model("decisions", "Spoken")
    rows = envelopes.values_list("pk", "vote_id", "entitlement_id").iterator(chunk_size=2000)
    spoken.objects.bulk_create(
        (spoken(envelope_id=pk, vote_id=vote, entitlement_id=line) for pk, vote, line in rows), batch_size=2000
    )


def leave_room(_apps, editor):
    if editor.connection.vendor == "postgresql":
        for table, share in ROOM:
            editor.execute(f"ALTER TABLE {table} SET (fillfactor = {share})")


def to(model, **more):
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="spoken",
        to=model, **more,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("decisions", "0010_sixteen_digits")]

    operations = [
        migrations.CreateModel(
            name="Spoken",
            fields=[
                (
                    "envelope",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="spoken",
                        serialize=False,
                        to="decisions.envelope",
                    ),
                ),
                ("vote", to("decisions.vote")),
                ("entitlement", to("decisions.entitlement")),
            ],
            options={"verbose_name": "计入的票封"},
        ),
        migrations.AddConstraint(
            model_name="spoken",
            constraint=models.UniqueConstraint(fields=("vote", "entitlement"), name="one_spoken_an_entitlement"),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="envelope", name="one_counted_an_entitlement"),
        migrations.RemoveField(model_name="envelope", name="counted"),
        migrations.RemoveIndex(model_name="receipt", name="decisions_r_vote_id_06ed68_idx"),
        migrations.AddIndex(
            model_name="receipt", index=models.Index(fields=["vote"], name="decisions_r_vote_id_c33796_idx")
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
