"""PostgreSQL: know which pairs are rare, and keep the list of what is not yet in the index short.

With the hundred statistics that PostgreSQL keeps by itself, every pair that is not among the thousand commonest counts as
one in 300 matters. Then it read all matters from the newest back for a pair that stands in five: 194 ms, not 0.4.
"""

from django.db import migrations

POSTGRESQL = (
    "ALTER TABLE matters_searchable ALTER COLUMN terms SET STATISTICS 1000",
    # What is new waits in a list that every search reads whole: up to 4 MB, 3 ms. 256 kB are a hundred reports.
    "ALTER INDEX matters_searchable_terms SET (gin_pending_list_limit = 256)",
    # What stands there already; of an empty table nothing is to be known, and to say so would mislead the planner.
    "DO $$ BEGIN IF EXISTS (SELECT FROM matters_searchable) THEN ANALYZE matters_searchable; END IF; END $$",
)
AWAY = (
    "ALTER TABLE matters_searchable ALTER COLUMN terms SET STATISTICS -1",
    "ALTER INDEX matters_searchable_terms RESET (gin_pending_list_limit)",
)


def run(statements):
    def each(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return each


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_open_by_change")]

    operations = [migrations.RunPython(run(POSTGRESQL), run(AWAY))]
