"""A whole neighbourhood that objects in one day: people, their homes, and what they say in a few ways."""

from datetime import timedelta

from weizhi.matters.actions.act import act
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person, Residence

SAID = (
    "车棚离七号楼太近，夜里充电有火灾危险，请往外移二十米。",
    "充电收费太贵了，一度电一块二，请按居民电价收。",
    "老人的轮椅放在楼道口，不要当作杂物清走。",
)
TAILS = ("", "我家住三楼。", "请考虑。", "邻居也这样说。")


def neighbours(stage: Stage, number: int) -> list[Person]:
    home = stage.places["3-2-301"]
    people = Person.objects.bulk_create(Person(login=f"n{n:04d}", name=f"邻居{n}") for n in range(number))
    rows = (
        Residence(community=stage.community, person=person, household=home, status="resident", since=stage.now)
        for person in people
    )
    Residence.objects.bulk_create(rows)
    return people


def objections(stage: Stage, done: Done, people: list[Person]) -> list[Done]:
    """Everybody objects within one day, most of them with one of three things."""
    step = timedelta(hours=20) / max(1, len(people))
    made = []
    for n, person in enumerate(people):
        stage.now += step
        words = f"{SAID[n % 3]}{TAILS[n % 4]}"
        made.append(act(done.matter_id, "object", by=person, data={"words": words}, at=stage.now))
    return made
