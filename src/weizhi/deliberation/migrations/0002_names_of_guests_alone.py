from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deliberation", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="name",
            field=models.CharField(
                blank=True, help_text="Of somebody without an account, as the sheet says.", max_length=40
            ),
        ),
    ]
