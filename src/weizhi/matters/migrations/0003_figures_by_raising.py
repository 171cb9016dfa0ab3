from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0002_lists_by_change'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(fields=['community', 'raised_at'], name='matter_by_raising'),
        ),
    ]
