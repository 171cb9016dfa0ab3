"""``/healthz``: whether this server does what people rely on. One look at the triggers, one at the timers."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from weizhi.site import jobs


def faults_of_the_database() -> list[str]:
    """Why nobody should write here. Chinese, for whoever runs the server."""
    from weizhi.record.triggers import verify_triggers

    try:
        missing = verify_triggers()
    except DatabaseError as error:
        return [f"数据库打不开，或者还没有建表：{error}。请先运行 weizhi prepare。"]
    if missing:
        return [f"记录的触发器不在了（{'、'.join(missing)}），已有的记录可能被改动。请运行 weizhi prepare。"]
    return []


def faults() -> list[str]:
    found = faults_of_the_database()
    if not found and jobs.stand_still():
        found.append("定时任务已经停了五分钟以上。请检查 weizhi serve 的任务进程。")
    return found


@never_cache
@require_safe
def healthz(_: HttpRequest) -> HttpResponse:
    found = faults()
    return HttpResponse(
        "\n".join(found) or "ok", status=503 if found else 200, content_type="text/plain; charset=utf-8"
    )
