"""What may be wrong with an installation, each with what to do. Looking changes nothing."""

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from weizhi.charters.workdays import state_calendar
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.matters.refused import Refused
from weizhi.matters.rules import COMMUNITY, owner_of
from weizhi.people.models import Holding
from weizhi.people.vault import keyring
from weizhi.places.models import Community
from weizhi.record.actions.deliver import NEVER
from weizhi.record.export import named_files
from weizhi.record.files import path_of
from weizhi.record.models import Delivery, Payload, Root
from weizhi.record.origin import is_play
from weizhi.record.triggers import verify_triggers
from weizhi.secrets.keyring import KeyFileError
from weizhi.site import jobs
from weizhi.site.upkeep import backing_up
from weizhi.site.upkeep.proof import NotProven, named, prove_one

State = Literal["ok", "warn", "bad"]
LOW, VERY_LOW = 2_000_000_000, 200_000_000  # bytes free on the disk
OLD_BACKUP, LATE_NOTICE, SOON = timedelta(days=2), timedelta(hours=1), timedelta(days=21)
AHEAD = timedelta(days=45)  # by when the next year's holidays should be known
PATIENCE = 5.0


@dataclass(frozen=True)
class Check:
    name: str
    state: State
    words: str
    todo: str = ""


def checks(*, deep: bool = False) -> Iterator[Check]:
    """One after the other; where the database does not open, nothing that needs it."""
    database = list(_database())
    yield from database
    usable = all(one.state != "bad" for one in database)
    if usable:
        yield from (_safely(check) for check in (_triggers, _worker, _notices, _backup))
        yield from _communities()
    yield from (
        _safely(check) for check in (_keys, _disk, _address, _certificate, _mail, _texts, _calendar, _font, _demo)
    )
    if deep and usable:
        yield from _deep()


def _safely(check: Callable[[], Check]) -> Check:
    """A check that fails itself is a finding, not the end of the round."""
    try:
        return check()
    except Exception as error:
        return Check(
            check.__name__.strip("_"), "warn", f"没能检查（{type(error).__name__}：{error}）。", "请看服务器的日志。"
        )


def _database() -> Iterator[Check]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        told = _integrity()
    except DatabaseError as error:
        yield Check("数据库", "bad", f"打不开：{error}", "请检查 DATABASE_URL 或 WEIZHI_HOME，以及磁盘和权限。")
        return
    if waiting:
        yield Check("数据库", "bad", f"有 {len(waiting)} 步更新没有做。", "请运行 weizhi upgrade。")
    elif told != "ok":
        yield Check("数据库", "bad", f"文件坏了：{told[:200]}", "请停下服务器，用最近的备份恢复：weizhi restore。")
    else:
        yield Check("数据库", "ok", f"{connection.vendor}，打得开，是最新的。")


def _integrity() -> str:
    if connection.vendor != "sqlite":
        return "ok"
    with connection.cursor() as cursor:
        return str(cursor.execute("PRAGMA quick_check(1)").fetchone()[0])


def _triggers() -> Check:
    if missing := verify_triggers():
        words = f"记录的触发器不在了（{'、'.join(missing)}），已有的记录可能被改动。"
        return Check("记录", "bad", words, "请运行 weizhi prepare，再用另存的根核对：weizhi record verify --root …")
    return Check("记录", "ok", "数据库自己拒绝改动记录。")


def _worker() -> Check:
    if jobs.stand_still():
        return Check(
            "任务进程", "bad", "五分钟没有动静：期限不会提醒，消息不会送出。", "请运行 weizhi serve，或看它的日志。"
        )
    return Check("任务进程", "ok", "活着。")


def _notices() -> Check:
    waiting = Delivery.objects.filter(sent_at__isnull=True, send_at__lt=timezone.now() - LATE_NOTICE)
    late = waiting.exclude(channel="page").exclude(tries=NEVER)
    if count := late.count():
        return Check("消息", "warn", f"{count} 条一小时还没送出。", "请检查邮件、短信和群的设置，再看日志。")
    return Check("消息", "ok", "没有积压。")


def _backup() -> Check:
    found = sorted(backing_up.folder().glob("*.tar"), key=lambda path: path.stat().st_mtime)
    todo = "请运行 weizhi backup，并让它每天自动运行；写好的文件拷到另一台机器上。"
    if not found:
        return Check("备份", "warn", "还没有备份过。", todo)
    age = timezone.now() - datetime.fromtimestamp(found[-1].stat().st_mtime, UTC)
    if age > OLD_BACKUP:
        return Check("备份", "warn", f"最近一次在 {age.days} 天以前。", todo)
    return Check("备份", "ok", f"最近一次：{found[-1].name}。")


def _communities() -> Iterator[Check]:
    communities = list(Community.objects.filter(level=COMMUNITY))
    if not communities:
        yield Check("社区", "warn", "还没有社区。", "请运行 weizhi start。")
    for community in communities:
        yield _safely(lambda one=community: _community(one))  # type: ignore[misc]  # a default binds the turn's community


def _community(community: Community) -> Check:
    name = f"社区 {community.name}"
    try:
        charter = charter_by_hash(hash_in_force(community.pk, timezone.now()))
    except Refused:
        return Check(name, "warn", "还没有章程，什么事也报不了。", f"请运行 weizhi start --slug {community.slug}。")
    owner = owner_of(charter)
    held = Holding.objects.open_at(timezone.now()).filter(community=community, body__key=owner)
    if not held.exists():
        words = f"{charter.bodies[owner].title or owner}里还没有人，没人接的事会落空。"
        return Check(name, "bad", words, f"请运行 weizhi start --slug {community.slug}，给岗位填上人。")
    root = Root.objects.filter(community=community).order_by("-size").first()
    return Check(
        name, "ok", f"章程“{charter.title}”；" + (f"最近的根 {named(root)[:24]}…" if root else "还没有公布根。")
    )


def _keys() -> Check:
    path = Path(settings.KEYS_FILE)
    todo = "请把它另存一份，离开这台机器（纸上或 U 盘）；丢了它，电话和证件号就再也打不开。"
    if not path.exists():
        return Check(
            "密钥", "warn", f"还没有 {path}。", "第一次用到时会自己建；如果这里曾经有过，请从另存的那份放回来。"
        )
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} 别人也能读。请运行：chmod 600 {path}。")
        keyring()
    except KeyFileError as error:
        return Check("密钥", "bad", str(error), "不要删掉重建：已有的号码会打不开。")
    return Check("密钥", "ok", f"{path}，只有自己能读。", todo)


def _disk() -> Check:
    places = {Path(settings.HOME), Path(settings.FILES).parent}
    free = min(shutil.disk_usage(place).free for place in places if place.exists())
    words = f"还剩 {free / 1e9:.1f} GB。"
    if free < LOW:
        return Check("磁盘", "bad" if free < VERY_LOW else "warn", words, "请清理旧的备份和日志，或换大一些的磁盘。")
    return Check("磁盘", "ok", words)


def _address() -> Check:
    told = urlsplit(settings.ADDRESS)
    if told.hostname in ("127.0.0.1", "localhost", "::1"):
        words = f"现在是 {settings.ADDRESS}，只有这台机器打得开。"
        return Check(
            "网址", "warn", words, "请设 WEIZHI_ADDRESS=https://…，以及 WEIZHI_HOSTS、WEIZHI_ORIGINS、WEIZHI_HTTPS=1。"
        )
    if told.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return Check(
            "网址",
            "bad",
            f"{told.hostname} 不在 WEIZHI_HOSTS 里，打开会是 400。",
            f"请设 WEIZHI_HOSTS={told.hostname}。",
        )
    if told.scheme != "https" or not settings.SESSION_COOKIE_SECURE:
        return Check(
            "网址",
            "warn",
            "没有加密（https），路上的人能看到密码。",
            "请配好证书，用 https 的网址，并设 WEIZHI_HTTPS=1。",
        )
    return Check("网址", "ok", settings.ADDRESS)


def _certificate() -> Check:
    told = urlsplit(settings.ADDRESS)
    if told.scheme != "https" or not told.hostname:
        return Check("证书", "ok", "没有用 https，不用检查。")
    try:
        ends = _ends_at(told.hostname, told.port or 443)
    except OSError as error:
        return Check(
            "证书", "warn", f"连不上 {told.hostname}（{error}）。", "请从外面打开网址试试；证书不对时浏览器会警告。"
        )
    left = ends - timezone.now()
    if left < SOON:
        return Check("证书", "bad" if left < timedelta(0) else "warn", f"{ends:%Y-%m-%d} 到期。", "请换新证书。")
    return Check("证书", "ok", f"{ends:%Y-%m-%d} 到期。")


def _ends_at(host: str, port: int) -> datetime:
    trusted = ssl.create_default_context()
    with (
        socket.create_connection((host, port), PATIENCE) as plain,
        trusted.wrap_socket(plain, server_hostname=host) as secured,
    ):
        told: Any = (secured.getpeercert() or {})["notAfter"]
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC)


def _mail() -> Check:
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        return Check(
            "邮件", "warn", "没有设，邮件只写在屏幕上。", "请设 WEIZHI_EMAIL_BACKEND 和邮件服务器；不用邮件就不用管。"
        )
    try:
        opened = get_connection(timeout=PATIENCE)
        opened.open()
        opened.close()
    except OSError as error:
        return Check("邮件", "bad", f"邮件服务器连不上（{error}）。", "请检查邮件服务器的地址、端口、用户名和密码。")
    return Check("邮件", "ok", "邮件服务器连得上。")


def _texts() -> Check:
    if settings.SMS == "console":
        return Check(
            "短信",
            "warn",
            "没有设，登录码只写在屏幕上。",
            "请设 WEIZHI_SMS=webhook 和 WEIZHI_SMS_WEBHOOK；或者让大家用密码登录。",
        )
    return Check("短信", "ok", settings.SMS)


def _calendar() -> Check:
    known = state_calendar().certain_to
    words = f"节假日知道到 {known}。"
    if timezone.localdate() + AHEAD > known:
        return Check(
            "日历", "warn", words, "国务院公布下一年的安排以后，请装新版的 chinesecalendar，再运行 weizhi upgrade。"
        )
    return Check("日历", "ok", words)


def _font() -> Check:
    import typst

    named_so = ("CJK SC", "Noto Sans SC", "Source Han", "WenQuanYi", "PingFang", "YaHei", "Songti")
    families = " ".join(str(family) for family in typst.Fonts().families())
    if not any(one in families for one in named_so):
        return Check("字体", "warn", "没有中文字体，PDF 里会是空框。", "Debian：apt-get install fonts-noto-cjk。")
    return Check("字体", "ok", "有中文字体。")


def _demo() -> Check:
    if settings.DEBUG or (settings.DEMO and not is_play()):
        return Check(
            "模式", "bad", "开着 WEIZHI_DEBUG 或 WEIZHI_DEMO，不能给真的社区用。", "请去掉这两个设置，再开门。"
        )
    return Check("模式", "ok", "演示" if is_play() else "正式")


def _deep() -> Iterator[Check]:
    """Everything that is named is there, and the record still hashes to its newest root."""
    lost = 0
    for part in Payload.objects.filter(part__startswith="file").iterator():
        lost += sum(not path_of(digest).exists() for digest in named_files(part.read()))
    if lost:
        yield Check("文件", "bad", f"少了 {lost} 个文件。", "请从备份里找回 files 文件夹。")
    else:
        yield Check("文件", "ok", "记录里提到的都在。")
    for community in Community.objects.order_by("slug"):
        root = Root.objects.filter(community=community).order_by("-size").first()
        if root is None:
            continue
        try:
            count = prove_one(community, named(root))
        except NotProven as error:
            yield Check(
                f"核对 {community.name}", "bad", str(error), "请保留现场，用另存的根再核对一次：weizhi record verify。"
            )
        else:
            yield Check(f"核对 {community.name}", "ok", f"{count} 条和最近的根对得上。")
