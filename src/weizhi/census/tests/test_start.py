"""A real community from nothing to its first QR sheet, as whoever sets it up would type."""

from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import timezone

from weizhi.census.tests.files import workbook
from weizhi.cli import main
from weizhi.matters.actions.act import raise_matter
from weizhi.matters.queries import waits
from weizhi.people.access import standing
from weizhi.people.models import CharterAdoption, Holding, Person
from weizhi.places.models import Community, Place
from weizhi.record.models import Entry, Origin
from weizhi.record.origin import made_as

NAME = ["start", "--name", "翠竹社区", "--slug", "cuizhu"]


@pytest.fixture(autouse=True)
def ground(db, tmp_path: Path, settings, monkeypatch):
    settings.IMPORTS, settings.KEYS_FILE = tmp_path / "imports", tmp_path / "keys.json"
    monkeypatch.chdir(tmp_path)


def answers(monkeypatch, *told: str) -> list[str]:
    """What is typed, in order; returns what was asked."""
    rest, asked = list(told), []

    def typed(words: str) -> str:
        asked.append(words)
        if not rest:
            raise EOFError
        return rest.pop(0)

    monkeypatch.setattr("builtins.input", typed)
    return asked


def test_five_questions_make_a_community_that_works(tmp_path: Path, monkeypatch, capsys):
    file = workbook(tmp_path / "名册.xlsx").content
    asked = answers(monkeypatch, "翠竹社区", "cuizhu", "", str(file), "王主任 13800009999", *[""] * 30)
    assert main(["start"]) == 0
    said = capsys.readouterr().out
    community = Community.objects.get()
    assert community.name == "翠竹社区" and Origin.objects.get().made_as == "live"
    assert CharterAdoption.objects.get().name == "base" and Place.objects.filter(kind="household").count() == 3
    wang = Person.objects.get(name="王主任")
    assert Holding.objects.get().person == wang and "居委会主任" in said
    password = said.split(f"登录名 {wang.login}，密码 ")[1].split()[0]
    assert authenticate(RequestFactory().get("/"), username=wang.login, password=password) == wang
    assert Path("qr-cuizhu.pdf").read_bytes().startswith(b"%PDF") and any(
        "网格员（第五网格）" in words for words in asked
    )
    resident = Person.objects.get(name="小秦")
    raise_matter(community, "report", by=resident, data={"words": "路灯坏了"}, place=Place.objects.get(code="9").pk)
    assert waits(standing(wang, timezone.now())).count() == 1, "the first report waits for somebody"


def test_the_same_without_questions_and_again_without_doubles(tmp_path: Path, capsys):
    file = str(workbook(tmp_path / "c.xlsx").content)
    told = [*NAME, "--charter", "base", "--census", file, "--post", "committee-director=王主任：13800009999"]
    told += ["--post", "property-manager@e5=陈经理", "--qr", "signs.pdf", "--no-questions"]
    assert main(told) == 0
    before = Entry.objects.count(), Person.objects.count(), Holding.objects.count()
    assert main(told) == 0
    said = capsys.readouterr().out
    assert "章程已经采用" in said and "居委会主任（翠竹社区）：王主任" in said
    assert before == (Entry.objects.count(), Person.objects.count(), Holding.objects.count())
    assert Holding.objects.get(post="property-manager").body.place.path == "cuizhu/e5"


def test_stopped_half_way_it_goes_on(tmp_path: Path, monkeypatch, capsys):
    answers(monkeypatch, "翠竹社区", "cuizhu")
    assert main(["start"]) == 1 and "会接着办" in capsys.readouterr().err
    answers(monkeypatch, *[""] * 30)
    assert main(NAME) == 0 and Community.objects.count() == 1


@pytest.mark.parametrize("purpose", ["demo", "test"])
def test_a_demo_never_takes_a_real_community(purpose, capsys):
    made_as(purpose)
    assert main([*NAME, "--no-questions"]) == 1
    assert "WEIZHI_HOME" in capsys.readouterr().err and not Community.objects.exists()


def test_a_real_community_never_takes_a_demo():
    from weizhi.record.origin import ClockRefused

    assert main([*NAME, "--no-questions"]) == 0
    with pytest.raises(ClockRefused):
        made_as("demo")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--slug", "翠竹"], "短名"), (["--charter", "qingshn"], "最接近的是“qingshan”"),
        (["--post", "mayor=王"], "没有“mayor”这个岗位"), (["--post", "committee-director"], "请写成"),
        (["--post", "committee-director=王:12"], "电话不对"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(more, says, capsys):
    assert main([*NAME, *more, "--no-questions"]) == 1
    assert says in capsys.readouterr().err


def test_somebody_of_the_census_gets_the_post_and_not_a_double(tmp_path: Path):
    file = str(workbook(tmp_path / "c.xlsx").content)
    told = [*NAME, "--census", file, "--post", "committee-director=小秦：13800000003", "--no-questions"]
    assert main(told) == 0
    assert Holding.objects.get().person == Person.objects.get(name="小秦")
    assert Person.objects.get(name="小秦").login == "committee-director"
