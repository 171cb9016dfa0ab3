from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from weizhi.record import triggers
from weizhi.record.models import Progress
from weizhi.site import jobs


def test_healthy_while_timers_run(client, db, query_budget):
    jobs.beat()
    with query_budget(2):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_unhealthy_when_timers_stand_still(client, db):
    Progress.objects.create(job=jobs.WOKEN, at=timezone.now() - timedelta(minutes=6))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "定时任务已经停了" in answer.content.decode()


def test_unhealthy_without_a_trigger_of_the_record(client, transactional_db):
    jobs.beat()
    table, name, _ = next(triggers.wanted(connection.vendor))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert name in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_read(client, db, method):
    assert getattr(client, method)("/healthz").status_code == 405
