"""Under a topic that was refused: who may ask for it again reads how many are missing, and signs once."""

from pathlib import Path

import pytest
from django.urls import reverse

from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter, Party
from weizhi.matters.tests import test_again
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import matter_url, text

TOML = Path(test_again.__file__).with_name("again.toml").read_text(encoding="utf-8")


@pytest.fixture
def refused(stage: Stage) -> Done:
    stage.adopt(TOML)
    topic = stage.report("lin", "广场上晒被子", kind="topic", place="3")
    stage.act(topic, "check", "wang", "refused", data={"words": "是消防通道"})
    return topic


def test_one_signs_once_on_the_page(stage: Stage, enter: Enter, refused: Done) -> None:
    zhao = enter("zhao")
    page = text(zhao.get(matter_url(refused)))
    assert "满 2 人联名就可以再提。已经有 0 人，还差 2 人。" in page and "接着报一件" not in page
    zhao.post(reverse("portal:act", args=[refused.matter_id]), {"verb": "support", "key": "k-1"})
    assert Party.objects.filter(matter=refused.matter_id, relation=Party.AGAIN).count() == 1
    assert "我联名，要求再提" not in text(zhao.get(matter_url(refused)))


def test_the_way_on_opens_when_there_are_enough(stage: Stage, enter: Enter, refused: Done) -> None:
    for who in ("lin", "zhao"):
        stage.act(refused, "support", who)
    Matter.objects.filter(pk=refused.matter_id).update(ended_at=stage.later(days=-30))
    page = enter("lin").get(matter_url(refused))
    assert f"follows={refused.matter_id}" in page.content.decode()


def test_the_neighbour_next_door_finds_nothing_to_sign(stage: Stage, enter: Enter, refused: Done) -> None:
    guo = enter("guo")
    assert guo.get(matter_url(refused)).status_code == 404
    sent = guo.post(reverse("portal:act", args=[refused.matter_id]), {"verb": "support", "key": "k-1"})
    assert sent.status_code == 404 and not Party.objects.filter(relation=Party.AGAIN).exists()
