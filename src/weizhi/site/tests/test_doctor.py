"""What is wrong is named, with what to do; a sound installation passes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from weizhi.cli import main
from weizhi.matters.tests.conftest import Stage, build
from weizhi.people.models import Holding
from weizhi.people.vault import keyring
from weizhi.places.models import Community
from weizhi.record.models import Origin, Progress
from weizhi.record.triggers import install
from weizhi.site import jobs
from weizhi.site.upkeep import doctor
from weizhi.site.upkeep.doctor import Check, checks


@pytest.fixture
def sound(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A community as it should be."""
    settings.HOME, settings.FILES, settings.KEYS_FILE = tmp_path, tmp_path / "files", tmp_path / "keys.json"
    settings.ADDRESS, settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = "https://wz.cn", ["wz.cn"], True
    settings.EMAIL_BACKEND, settings.SMS = "django.core.mail.backends.locmem.EmailBackend", "webhook"
    monkeypatch.setattr(doctor, "_ends_at", lambda _host, _port: timezone.now() + timedelta(days=80))
    monkeypatch.setattr(doctor, "AHEAD", timedelta(days=-4000))
    stage = build()
    Community.objects.filter(slug="guangming").update(level="street")
    Origin.objects.update(made_as="live")
    keyring()
    jobs.beat()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "weizhi-1.tar").write_bytes(b"")
    return stage


def found(name: str, *, deep: bool = False) -> Check:
    return next(one for one in checks(deep=deep) if one.name.startswith(name))


def test_a_sound_installation_has_nothing_to_mend(sound: Stage):
    assert [one for one in checks() if one.state != "ok"] == []


def break_trigger(_: Any) -> None:
    with connection.cursor() as cursor:
        on = " ON record_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER record_entry_no_update{on}")


def break_keys(settings: Any) -> None:
    settings.KEYS_FILE.chmod(0o644)


def spoil_backup(settings: Any) -> None:
    (settings.HOME / "backups" / "weizhi-1.tar").unlink()


BROKEN: list[tuple[str, str, str, Any]] = [
    ("记录", "bad", "weizhi prepare", break_trigger),
    ("任务进程", "bad", "weizhi serve", lambda _: Progress.objects.all().delete()),
    ("密钥", "bad", "不要删掉重建", break_keys),
    ("备份", "warn", "weizhi backup", spoil_backup),
    ("社区", "bad", "weizhi start --slug xfl", lambda _: Holding.objects.update(until=timezone.now())),
    ("网址", "warn", "WEIZHI_ADDRESS", lambda settings: setattr(settings, "ADDRESS", "http://127.0.0.1:8000")),
    ("网址", "bad", "WEIZHI_HOSTS=wz.cn", lambda settings: setattr(settings, "ALLOWED_HOSTS", ["x.cn"])),
    ("网址", "warn", "https", lambda settings: setattr(settings, "SESSION_COOKIE_SECURE", False)),
    ("短信", "warn", "WEIZHI_SMS", lambda settings: setattr(settings, "SMS", "console")),
    ("模式", "bad", "去掉", lambda settings: setattr(settings, "DEBUG", True)),
]


@pytest.mark.parametrize(("name", "state", "todo", "harm"), BROKEN)
def test_each_harm_is_named_with_what_to_do(sound: Stage, settings: Any, name: str, state: str, todo: str, harm: Any):
    harm(settings)
    one = found(name)
    assert one.state == state and todo in one.todo + one.words
    install()


def test_a_certificate_that_ends_soon(sound: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "_ends_at", lambda _host, _port: timezone.now() + timedelta(days=3))
    assert found("证书").state == "warn"
    monkeypatch.setattr(doctor, "_ends_at", lambda _host, _port: timezone.now() - timedelta(days=3))
    assert found("证书").state == "bad"


def test_a_mail_server_that_does_not_answer(sound: Stage, settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert found("邮件").state == "bad"


def test_a_check_that_fails_is_no_end(sound: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "state_calendar", lambda: 1 / 0)
    names = [one.name for one in checks()]
    assert "calendar" in names and "模式" in names


def test_deep_reads_files_and_the_record(sound: Stage, settings: Any):
    from weizhi.record.actions.publish_root import publish_root

    publish_root(sound.community)
    assert found("文件", deep=True).state == "ok" and found("核对 幸福里", deep=True).state == "ok"


def test_the_command_tells_all_and_fails_where_something_is_broken(sound: Stage, settings: Any, capsys: Any):
    assert main(["doctor"]) == 0 and "0 处坏了" in capsys.readouterr().out
    settings.DEBUG = True
    assert main(["doctor"]) == 1 and "→ 请去掉这两个设置" in capsys.readouterr().out


def test_upgrade_backs_up_first_and_waits_for_the_server(sound: Stage, settings: Any, monkeypatch: Any, capsys: Any):
    done: list[str] = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: done.append(name))
    assert main(["upgrade"]) == 1 and not done and "还开着" in capsys.readouterr().err
    Progress.objects.all().delete()
    monkeypatch.setattr("weizhi.site.upkeep.backing_up.back_up", lambda: Path("b.tar"))
    assert main(["upgrade"]) == 0 and done == ["migrate", "collectstatic"]
