import pytest
from django.apps import apps
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.models.signals import post_migrate

from weizhi.record.actions.publish_root import publish_root
from weizhi.record.models import Entry, Leaf, Payload, Root
from weizhi.record.tests.ground import Ground, make_ground
from weizhi.record.triggers import install, verify_triggers, wanted


@pytest.fixture
def ground(db: None) -> Ground:
    ground = make_ground()
    ground.say("灯坏了")
    publish_root(ground.community)
    connection.check_constraints()  # PostgreSQL truncates no table whose keys are still to be checked
    return ground


CHANGES = [
    ("record_entry", "verb = 'erase'"),
    ("record_leaf", "hash = hash"),
    ("record_root", "size = size + 1"),
    ("record_payload", "part = 'other'"),
]


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_nobody_changes_a_row(ground: Ground, table: str, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize("table", ["record_entry", "record_leaf", "record_root"])
def test_nobody_deletes_a_row(ground: Ground, table: str) -> None:
    emptying = [f"DELETE FROM {table}"]
    if connection.vendor == "postgresql":  # SQLite has no TRUNCATE
        emptying.append(f"TRUNCATE {table} CASCADE")
    for statement in emptying:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_orm_is_refused_like_everybody(ground: Ground) -> None:
    entry = Entry.objects.order_by("at").last()
    assert entry is not None
    entry.verb = "other"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    for rows in (Leaf.objects.all(), Root.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.delete()


def test_a_payload_may_go_but_not_change(ground: Ground) -> None:
    part = Payload.objects.get(part="words")
    part.body = "灯没坏"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        part.save()
    part.delete()


def test_all_are_in_place_after_migrate(db: None) -> None:
    assert verify_triggers() == []


def test_each_missing_one_is_named_and_comes_back(db: None) -> None:
    for table, name, _ in wanted(connection.vendor):
        with connection.cursor() as cursor:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")
        assert verify_triggers() == [name]
        install()
        assert verify_triggers() == []


def test_one_that_was_switched_off_or_emptied_is_named(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE record_leaf DISABLE TRIGGER record_leaf_no_update")
        else:
            cursor.execute("DROP TRIGGER record_leaf_no_update")
            cursor.execute(
                "CREATE TRIGGER record_leaf_no_update BEFORE UPDATE ON record_leaf WHEN 0 BEGIN SELECT 1; END"
            )
    assert verify_triggers() == ["record_leaf_no_update"]


def test_they_survive_a_migration_that_remakes_the_table(transactional_db: None) -> None:
    """Django remakes a SQLite table to alter a column, and SQLite drops its triggers with the old table."""
    ground = make_ground()
    ground.say("灯坏了")
    state = ProjectState.from_apps(apps)
    changed = state.clone()
    wider = migrations.AlterField("entry", "step", models.CharField(max_length=90, blank=True))
    wider.state_forwards("record", changed)
    with connection.schema_editor() as editor:
        wider.database_forwards("record", editor, state, changed)
    lost = verify_triggers()
    assert bool(lost) is (connection.vendor == "sqlite"), lost
    record = apps.get_app_config("record")
    post_migrate.send(sender=record, app_config=record, verbosity=0, interactive=False, using="default")
    assert verify_triggers() == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(verb="other")
    assert Entry.objects.filter(verb="comment").count() == 1
