"""The committee brings in its census: sent, checked, confirmed, written; and nobody else sees any of it."""

import csv
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from weizhi.census import plan
from weizhi.census.actions.work_off import waiting, work_off
from weizhi.census.findings import Findings, Spot
from weizhi.census.models import Import
from weizhi.census.sealed import findings_path, keep_findings
from weizhi.census.tests.files import changed, workbook
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import Enter
from weizhi.record.models import Entry

CENSUS = reverse("portal:census")


@pytest.fixture
def send(stage: Stage, enter: Enter, tmp_path: Path):
    """Send a workbook as 王主任; returns the address of the import."""

    def sent(sheets=None, by: str = "wang"):
        data = workbook(tmp_path / "census.xlsx", sheets).content.read_bytes()
        answer = enter(by).post(CENSUS, {"files": SimpleUploadedFile("C:\\桌面\\名册.xlsx", data), "system": "gcj02"})
        assert answer.status_code == 302, answer.content.decode()
        return answer.url

    return sent


def page(enter: Enter, address: str, by: str = "wang") -> str:
    return enter(by).get(address).content.decode()


def test_a_file_goes_from_the_desk_into_the_census(stage: Stage, enter: Enter, send):
    people, entries = Person.objects.count(), Entry.objects.count()
    address = send()
    assert "正在核对" in page(enter, address) and waiting()
    assert work_off() == 1 and Entry.objects.count() == entries
    ready = page(enter, address)
    assert "居民 3 人" in ready and "住户 3 户" in ready and "确认导入" in ready
    assert enter("wang").post(address, {"do": "confirm"}).status_code == 302
    assert "正在写入" in page(enter, address)
    work_off()
    assert Person.objects.count() == people + 3 and "导入好了" in page(enter, address)
    one = Import.objects.get()
    assert one.entry == Entry.objects.get(verb="import-census").pk and one.files == ["名册.xlsx"]
    assert [path.suffix for path in plan.folder().iterdir()] == [".csv"], "nothing that was sent is left"
    assert "名册.xlsx" in page(enter, CENSUS) and "导入好了" in page(enter, CENSUS)


def test_faults_are_listed_and_can_be_taken_away_as_a_table(stage: Stage, enter: Enter, send):
    address = send(changed("居民", 3, 6, "1380000"))
    work_off()
    told = page(enter, address)
    assert "有 1 处要改" in told and "居民 · 第 3 行 · 电话" in told and "电话不对" in told
    table = b"".join(enter("wang").get(f"{address}/findings.csv").streaming_content).decode("utf-8-sig")
    assert "名册.xlsx,居民,3,电话,要改,电话不对" in table
    assert not list(plan.folder().glob("*.sealed")) and not list(plan.folder().glob("*.plan"))
    assert enter("wang").post(address, {"do": "confirm"}).status_code == 302
    assert Import.objects.get().state == "faulty"


def test_what_was_sent_lies_sealed(stage: Stage, enter: Enter, send):
    send()
    (sealed,) = plan.folder().glob("*.sealed")
    assert b"xl/worksheets" not in sealed.read_bytes() and sealed.stat().st_mode & 0o077 == 0


def test_a_change_in_between_is_checked_again_before_writing(stage: Stage, enter: Enter, send):
    address, people = send(), Person.objects.count()
    work_off()
    from weizhi.record.actions.enrol import enrol

    enrol(stage.community, stage.people["guo"], stage.places["3-1-101"], ["tenant"], at=stage.now)
    enter("wang").post(address, {"do": "confirm"})
    work_off()
    assert Import.objects.get().state == "done" and Person.objects.count() == people + 3


def test_killed_after_confirming_it_is_taken_up_again(stage: Stage, enter: Enter, send, monkeypatch):
    address = send()
    work_off()
    enter("wang").post(address, {"do": "confirm"})
    Import.objects.update(beat=timezone.now())  # somebody had taken it, and was killed
    assert not waiting()
    Import.objects.update(beat=timezone.now() - timedelta(minutes=2))
    assert work_off() == 1 and Import.objects.get().state == "done"


def test_a_fault_of_ours_is_told_and_leaves_nothing(stage: Stage, enter: Enter, send, monkeypatch):
    address = send()
    monkeypatch.setattr("weizhi.census.actions.work_off.check_files", lambda *_args, **_kwargs: 1 / 0)
    work_off()
    assert "服务器出了错，什么也没有写" in page(enter, address)
    assert not list(plan.folder().iterdir())


def test_unreadable_and_dropped(stage: Stage, enter: Enter, send):
    answer = enter("wang").post(CENSUS, {"files": SimpleUploadedFile("a.xls", b"old")})
    work_off()
    assert "另存为 .xlsx" in page(enter, answer.url)
    assert "请选一个填好的" in enter("wang").post(CENSUS, {}).content.decode()
    address = send()
    work_off()
    enter("wang").post(address, {"do": "drop"})
    assert "没有导入" in page(enter, address) and work_off() == 0 and not list(plan.folder().glob("*.sealed"))


def test_others_do_not_learn_of_it(stage: Stage, enter: Enter, send):
    address = send()
    for who in ("lin", "zhou", "chen", "guo"):
        for path in (CENSUS, address, f"{address}/findings.csv", reverse("portal:census-template")):
            assert enter(who).get(path).status_code == 404
    assert "名册" in page(enter, reverse("portal:mine")) and CENSUS not in page(enter, reverse("portal:mine"), "zhou")


def test_pages_stay_within_their_queries(stage: Stage, enter: Enter, send, query_budget):
    address = send()
    work_off()
    client = enter("wang")
    for path in (CENSUS, address):
        with query_budget(10):
            assert client.get(path).status_code == 200


def test_the_template_is_a_workbook(stage: Stage, enter: Enter):
    from openpyxl import load_workbook

    answer = enter("wang").get(reverse("portal:census-template"))
    assert "居民" in load_workbook(BytesIO(answer.content)).sheetnames


def test_a_table_of_findings_computes_nothing_when_it_is_opened(stage: Stage) -> None:
    found = Findings()
    found.note(Spot("=cmd|A1.xlsx", "@sheet", 2), "+1+1", "-不认识这一列。")
    import_id = uuid4()
    keep_findings(import_id, found)
    (row,) = list(csv.reader(findings_path(import_id).open(encoding="utf-8-sig", newline="")))[1:]
    assert [cell[:2] for cell in row] == ["'=", "'@", "2", "'+", "提醒", "'-"]
