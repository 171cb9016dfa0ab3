"""Backup and restore: database and files in one archive, with the roots by which the record is verified afterwards.

The keys are named and never held: who finds a backup reads no telephone number. They are kept apart, on paper or a
stick. The database is copied by its own means (SQLite's backup call, pg_dump), so the server may go on meanwhile.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from weizhi.people.vault import keyring
from weizhi.places.models import Community
from weizhi.record.models import Progress
from weizhi.record.triggers import verify_triggers
from weizhi.site.upkeep import rows
from weizhi.site.upkeep.proof import NotProven, prove, roots_of_all

FORMAT = "weizhi-backup-1"
MANIFEST, FILES = "manifest.json", "files"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
ALIVE = timedelta(minutes=1)


class CannotRestore(Exception):
    """The backup cannot be made or put back like this; says what to do."""


def folder() -> Path:
    return Path(settings.HOME) / "backups"


# --- out -----------------------------------------------------------------------------------------------


def back_up(out: Path | None = None) -> Path:
    """Write one archive, readable by its owner only; returns where. Whole or not at all."""
    target = out or folder() / f"weizhi-{timezone.now():%Y%m%d-%H%M%S}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    roots = roots_of_all()  # sealed and signed first: what is in the archive can then be verified from it
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        database = Path(scratch) / DATABASE[connection.vendor]
        _dump(database)
        manifest = {
            "format": FORMAT, "vendor": connection.vendor, "at": timezone.now().isoformat(), "roots": roots,
            "schema": rows.state_of_the_schema(), "keys": keyring().fingerprint(), "keys_file": str(settings.KEYS_FILE),
            "sha256": _digest(database), "communities": list(Community.objects.values_list("slug", flat=True)),
        }  # fmt: skip
        head = Path(scratch) / MANIFEST
        head.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        beside = Path(scratch) / "archive.tar"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as opened:
            with tarfile.open(fileobj=opened, mode="w") as archive:
                archive.add(head, MANIFEST)
                archive.add(database, database.name)
                if Path(settings.FILES).is_dir():
                    archive.add(settings.FILES, FILES)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(target)
    return target


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        copy.close()
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _postgres(program: str, *options: str) -> None:
    """PostgreSQL's own programs, with the password in the environment and not in the list of processes."""
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise CannotRestore(f"这台机器上没有 {program}。Debian：apt-get install postgresql-client。")
    told = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = {name: str(told[key]) for name, key in names.items() if told.get(key)}
    target = [] if program == "pg_dump" else [f"--dbname={told['NAME']}"]
    done = subprocess.run(
        [found, *target, *options], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotRestore(f"{program} 没有成功：{done.stderr.strip()[-600:]}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- back ----------------------------------------------------------------------------------------------


def restore(archive: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put a backup back and verify the record; returns its manifest. What was there before is kept beside."""
    with tempfile.TemporaryDirectory(dir=_home()) as scratch:
        manifest = _unpacked(archive, Path(scratch))
        _check(manifest, replace)
        database = Path(scratch) / DATABASE[manifest["vendor"]]
        if connection.vendor == "sqlite":
            _put_sqlite(database)
        else:
            _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(database))
            connections.close_all()
        _put_files(Path(scratch) / FILES)
    call_command("migrate", verbosity=0, interactive=False)
    if missing := verify_triggers():
        raise CannotRestore(f"恢复以后少了触发器：{'、'.join(missing)}。请运行 weizhi prepare，再运行 weizhi doctor。")
    try:
        manifest["verified"] = prove(manifest["roots"])
    except NotProven as error:
        raise CannotRestore(f"数据放回去了，但是{error}\n请换一份更早的备份。") from None
    return manifest


def manifest_of(archive: Path) -> dict[str, Any]:
    """What an archive says of itself."""
    with tempfile.TemporaryDirectory() as scratch:
        return _unpacked(archive, Path(scratch), only=MANIFEST)


def _home() -> Path:
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    return home


def _unpacked(archive: Path, scratch: Path, only: str = "") -> dict[str, Any]:
    try:
        with tarfile.open(archive) as opened:
            if only:
                opened.extract(only, scratch, filter="data")
            else:
                opened.extractall(scratch, filter="data")
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, KeyError, ValueError, tarfile.TarError) as error:
        raise CannotRestore(f"{archive} 读不了（{error}）。请确认它是 weizhi backup 写的那个文件。") from None
    if manifest.get("format") != FORMAT:
        raise CannotRestore("不认识这种备份。请用写它的那个版本的微治。")
    if not only and _digest(scratch / DATABASE[manifest["vendor"]]) != manifest["sha256"]:
        raise CannotRestore("备份里的数据库坏了：和写的时候不一样。请换另一份备份。")
    return manifest


def _check(manifest: dict[str, Any], replace: bool) -> None:
    if manifest["vendor"] != connection.vendor:
        raise CannotRestore(
            f"备份是 {manifest['vendor']} 的，这里是 {connection.vendor}。"
            "换数据库请用 weizhi community export 和 weizhi community import。"
        )
    known = MigrationLoader(None).disk_migrations
    if newer := [f"{app} {name}" for app, name in manifest["schema"].items() if (app, name) not in known]:
        raise CannotRestore(f"备份是更新的版本写的（{'、'.join(newer)}）。请先装上那个版本的微治。")
    if manifest["keys"] != keyring().fingerprint():
        raise CannotRestore(
            f"密钥不是备份时的那一份。请先把另存的 keys.json 放到 {settings.KEYS_FILE}，否则电话和证件号打不开。"
        )
    if alive():
        raise CannotRestore("微治还开着。请先停下 weizhi serve，等一分钟再恢复。")
    if not replace and _lives():
        raise CannotRestore("这里已经有社区了。确定要换成备份里的，请加 --replace；现在的数据库会另存在旁边。")


def _lives() -> bool:
    tables = connection.introspection.table_names()
    return Community._meta.db_table in tables and Community.objects.exists()


def alive() -> bool:
    """Whether the worker gave a sign within the last minute."""
    if Progress._meta.db_table not in connection.introspection.table_names():
        return False
    now = timezone.now()
    return Progress.objects.filter(job="woken", at__gt=now - ALIVE, at__lte=now).exists()


def _put_sqlite(database: Path) -> None:
    """Into place in one step; what was there stays beside under the time."""
    with sqlite3.connect(database) as copy:
        (told,) = copy.execute("PRAGMA integrity_check").fetchone()
    copy.close()
    if told != "ok":
        raise CannotRestore(f"备份里的数据库坏了（{told}）。请换另一份备份。")
    target = Path(str(connection.settings_dict["NAME"]))
    connections.close_all()
    if target.exists():
        kept = target.with_name(f"{target.name}.before-{timezone.now():%Y%m%d-%H%M%S}")
        for tail in ("", "-wal", "-shm"):  # the write-ahead log belongs to the database it was written for
            beside = target.with_name(target.name + tail)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + tail))
    shutil.move(database, target)
    target.chmod(0o600)


def _put_files(source: Path) -> None:
    """Files lie under their hash: what is there already is the same."""
    for path in source.rglob("*") if source.is_dir() else ():
        target = Path(settings.FILES) / path.relative_to(source)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
