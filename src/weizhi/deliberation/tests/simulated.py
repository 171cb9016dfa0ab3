"""Simulated opinions: people of a few groups who each answer some of many statements, and a hall filled with them."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final
from uuid import UUID

from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.deliberation.opinions import AGREE, DISAGREE, PASS, Drawn
from weizhi.methods.opinions import OpinionMap, Votes, draw

PASSES: Final = 0.1
FIRM: Final = 0.88  # how often somebody says what his group says
BATCH: Final = 2000

Answers = Mapping[int, int]  # of one person: the number of a statement, and what was said of it


def simulated(
    people: int, statements: Sequence[int], *, groups: int = 3, least: int = 30, most: int = 60, seed: int = 1
) -> list[dict[int, int]]:
    """Half of the statements divide the groups, the others unite all; groups are of unlike sizes, nobody sees all."""
    chance = Random(seed)
    leaning = [
        [chance.choice((AGREE, DISAGREE)) for _ in range(groups)] if n % 2 else [AGREE] * groups for n in statements
    ]
    weights = range(2, groups + 2)
    said = []
    for _person in range(people):
        group = chance.choices(range(groups), weights)[0]
        chosen = chance.sample(range(len(statements)), min(len(statements), chance.randint(least, most)))
        said.append({statements[n]: _said(leaning[n][group], chance) for n in chosen})
    return said


def _said(leaning: int, chance: Random) -> int:
    if chance.random() < PASSES:
        return PASS
    return leaning if chance.random() < FIRM else -leaning


def filled(hall: Hall, said: Sequence[Answers], who: Sequence[str], statements: Sequence[int]) -> list[UUID]:
    """Statements of these numbers, a voice for each person, and what each said. Returns the voices' keys."""
    rows = [
        Statement(hall=hall, n=n, words=f"第 {n} 句话，说的是架空层", state="open", channel="seed") for n in statements
    ]
    Statement.objects.bulk_create(rows, batch_size=BATCH)
    by_number = {one.n: one for one in rows}
    voices = [Voice(hall=hall, who=one, channel="phone") for one in who]
    Voice.objects.bulk_create(voices, batch_size=BATCH)
    stances: list[Stance] = []
    for voice, answers in zip(voices, said, strict=True):
        stances += [
            Stance(voice=voice, statement=by_number[n], said=word, channel="phone") for n, word in answers.items()
        ]
        if len(stances) > BATCH:
            Stance.objects.bulk_create(stances, batch_size=BATCH)
            stances = []
    Stance.objects.bulk_create(stances, batch_size=BATCH)
    return [voice.pk for voice in voices]


def map_of(said: Sequence[Answers], statements: Sequence[int]) -> OpinionMap:
    """What `methods.opinions` itself makes of the same matrix: people by their place in the list, never by voice."""
    given = ((str(person), str(n), word) for person, answers in enumerate(said) for n, word in answers.items())
    names = [str(person) for person in range(len(said))]
    return draw(Votes.of(given, participants=names, statements=[str(n) for n in statements]))


def differences(hall: Hall, voices: Sequence[UUID], found: OpinionMap) -> list[str]:
    """In what the hall's map is not the method's own: nothing, if all is well."""
    drawn = Drawn.of(Hall.objects.get(pk=hall.pk).drawn)
    kept = dict(Voice.objects.filter(hall=hall).values_list("pk", "group"))
    own = [None if not found.k or label < 0 else label for label in found.label.tolist()]
    telling = [
        [(int(one.statement), one.side, one.agreed, one.disagreed, one.seen) for one in says if one.significant]
        for says in found.spokesmen()
    ]
    shown = [[(one.n, one.side, one.agreed, one.disagreed, one.seen) for one in group.says] for group in drawn.groups]
    uniting = [n for n in map(int, found.uniting(len(found.votes.statements))) if n in drawn.united]
    compared = {
        "who stands where": ([kept[voice] for voice in voices], own),
        "people": (drawn.people, len(found.votes.participants)),
        "sizes": ([group.people for group in drawn.groups], found.sizes),
        "what sets groups apart": (shown, telling),
        "what unites": (list(drawn.united), uniting),
        "who stands on the map": (drawn.standing, len(found.active)),
    }
    return [what for what, (here, there) in compared.items() if here != there]
