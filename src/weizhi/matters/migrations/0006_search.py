"""What matters are found by: pairs of characters in a table, and the database's own index over them."""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    # External content: the words stand once, in the table. Pairs of characters are words of their own already.
    "CREATE VIRTUAL TABLE matters_search USING fts5(words, content='matters_searchable', content_rowid='row',"
    " tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER matters_search_in AFTER INSERT ON matters_searchable BEGIN"
    " INSERT INTO matters_search(rowid, words) VALUES (new.row, new.words); END",
    "CREATE TRIGGER matters_search_out AFTER DELETE ON matters_searchable BEGIN"
    " INSERT INTO matters_search(matters_search, rowid, words) VALUES ('delete', old.row, old.words); END",
    "CREATE TRIGGER matters_search_anew AFTER UPDATE ON matters_searchable BEGIN"
    " INSERT INTO matters_search(matters_search, rowid, words) VALUES ('delete', old.row, old.words);"
    " INSERT INTO matters_search(rowid, words) VALUES (new.row, new.words); END",
    # The letter box: twenty digits are the row's number, the rest what the new matter is found by.
    "CREATE TRIGGER matters_found_by AFTER INSERT ON matters_matter WHEN new.found_by <> '' BEGIN"
    " INSERT INTO matters_searchable(matter_id, row, words)"
    " VALUES (new.stream_id, CAST(substr(new.found_by, 1, 20) AS INTEGER), substr(new.found_by, 21));"
    " UPDATE matters_matter SET found_by = '' WHERE stream_id = new.stream_id; END",
)
POSTGRESQL = (
    # Stored: computed anew for each row that is looked at, a phrase would cost a hundred times as much.
    "ALTER TABLE matters_searchable ADD COLUMN terms tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    "CREATE INDEX matters_searchable_terms ON matters_searchable USING gin (terms)",
    "CREATE FUNCTION matters_found_by() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO matters_searchable(matter_id, row, words)"
    " VALUES (new.stream_id, CAST(substr(new.found_by, 1, 20) AS bigint), substr(new.found_by, 21));"
    " new.found_by := ''; RETURN new; END $$",
    "CREATE TRIGGER matters_found_by BEFORE INSERT ON matters_matter FOR EACH ROW WHEN (new.found_by <> '')"
    " EXECUTE FUNCTION matters_found_by()",
)
AWAY = {
    "sqlite": (
        "DROP TRIGGER matters_found_by",
        "DROP TRIGGER matters_search_in",
        "DROP TRIGGER matters_search_out",
        "DROP TRIGGER matters_search_anew",
        "DROP TABLE matters_search",
    ),
    "postgresql": (
        "DROP TRIGGER matters_found_by ON matters_matter",
        "DROP FUNCTION matters_found_by()",
        "ALTER TABLE matters_searchable DROP COLUMN terms",
    ),
}


def make_index(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in AWAY[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remember_all(apps, schema_editor):
    """What is there already: titles, places and words that everybody may read who sees the matter."""
    from weizhi.matters.searching import KEPT_AT_MOST, row_of
    from weizhi.methods.text.search_text import search_text

    Matter, Searchable = apps.get_model("matters", "Matter"), apps.get_model("matters", "Searchable")
    Payload = apps.get_model("record", "Payload")
    found = Matter.objects.select_related("place__parent__parent").order_by("pk")
    batch = []
    for matter in found.iterator(chunk_size=500):
        said = Payload.objects.filter(entry__stream=matter.pk, entry__n=1, part="words", grade__lt=2)
        places = [matter.place, matter.place.parent, matter.place.parent and matter.place.parent.parent]
        names = [one.name for one in places if one]
        words = search_text(matter.title, *names, *map(str, said.values_list("body", flat=True)))
        batch.append(Searchable(matter=matter, row=row_of(matter.pk), words=words[:KEPT_AT_MOST]))
        if len(batch) == 500:
            Searchable.objects.bulk_create(batch)
            batch = []
    Searchable.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_duties_by_month")]

    operations = [
        migrations.CreateModel(
            name="Searchable",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="matters.matter",
                    ),
                ),
                ("row", models.BigIntegerField(unique=True)),
                ("words", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="matter",
            name="found_by",
            field=models.TextField(
                default="",
                help_text="A letter box, always empty: the database puts it into Searchable. A query less a report.",
            ),
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(remember_all, migrations.RunPython.noop),
    ]
