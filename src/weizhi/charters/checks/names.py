"""Every name exists, in exactly one namespace, and somebody can hold it."""

from collections.abc import Iterable

from ..findings import Path
from ..steps import Step
from ..words import RELATIONS, STATUSES
from .scene import Scene


def check_names(scene: Scene) -> None:
    """Check who is named in steps, what tables name in one another, and that the namespaces are apart."""
    _apart(scene)
    for procedure, step, path in scene.steps():
        _step(scene, step, path, procedure.key)
    _bodies_and_posts(scene)
    _kinds(scene)
    _duties_and_dispatch(scene)


def _apart(scene: Scene) -> None:
    charter = scene.charter
    spaces: list[tuple[str, dict[str, Path]]] = [
        ("关系", dict.fromkeys(RELATIONS, ())),
        ("身份", dict.fromkeys(STATUSES, ())),
        ("职务", {key: ("posts", key) for key in charter.posts}),
        ("组织", {key: ("bodies", key) for key in charter.bodies}),
    ]
    own = {
        name: ("kinds", kind.key, "relations", n)
        for kind in charter.kinds.values()
        for n, name in enumerate(kind.relations)
    }
    spaces.append(("事项自己的关系", {name: path for name, path in own.items() if name not in RELATIONS}))
    for n, (word, names) in enumerate(spaces):
        for other, more in spaces[n + 1 :]:
            for name in sorted(names.keys() & more.keys()):
                written = [path for path in (names[name], more[name]) if path]
                here = [path for path in written if scene.faults.where(path)[0] == scene.faults.file]
                path = (here or written)[-1]
                scene.faults.add(path, f"“{name}”已经是{word}的名字，不能又是{other}。请给{other}换个名字。")


def _step(scene: Scene, step: Step, path: Path, procedure: str) -> None:
    for key in ("by", "not_by", "tell"):
        _who(scene, getattr(step, key), (*path, key), procedure, acts=key == "by")
    if step.second_person:
        _who_one(scene, step.second_person, (*path, "second_person"), procedure, acts=True)
    for n, rung in enumerate(step.escalate):
        _who(scene, rung.tell, (*path, "escalate", n, "tell"), procedure)
    duties = step.params.get("duties")
    for n, duty in enumerate(duties if isinstance(duties, list) else []):
        for m, rung in enumerate(duty.get("missed", []) if isinstance(duty, dict) else []):
            _who(scene, _words(rung, "tell"), (*path, "duties", n, "missed", m, "tell"), procedure)
    _who(scene, _words(step.params, "answers"), (*path, "answers"), procedure, acts=True)
    for key in ("invite", "pay_when"):
        _who(scene, _words(step.params, key), (*path, key), procedure, also=scene.charter.electorates)
    if step.at and step.at not in scene.charter.levels.known:
        _unknown_level(scene, step.at, (*path, "at"))


def check_who(scene: Scene, table: object, key: str, path: Path, procedure: str) -> None:
    """Check the names that a kind's own word holds, wherever its table stands."""
    _who(scene, _words(table, key), (*path, key), procedure)


def _words(table: object, key: str) -> list[str]:
    value = table.get(key) if isinstance(table, dict) else None
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _who(
    scene: Scene,
    names: Iterable[str],
    path: Path,
    procedure: str | None,
    *,
    acts: bool = False,
    also: Iterable[str] = (),
) -> None:
    for n, name in enumerate(names):
        _who_one(scene, name, (*path, n), procedure, acts=acts, also=also)


def _who_one(
    scene: Scene,
    name: str,
    path: Path,
    procedure: str | None,
    *,
    acts: bool = False,
    also: Iterable[str] = (),
) -> None:
    known = scene.who(procedure) | set(also)
    if name not in known:
        scene.faults.add(path, f"“{name}”不是关系、职务、组织，也不是身份。", expected=known, near=name)
    elif acts and name in scene.charter.posts and not can_hold(scene, name):
        scene.faults.add(
            path, f"职务“{name}”没有席位，谁也不能担任。请给它写 at、part_of，或在某个组织的 seats 里设席。"
        )
    elif acts and name in scene.charter.bodies and not scene.charter.bodies[name].seats:
        scene.faults.add(path, f"组织“{name}”没有席位，没有人能代表它办事。请给它写 seats。")


def can_hold(scene: Scene, post: str) -> bool:
    """Tell whether a post has a place or a seat, so that somebody can be given it."""
    own = scene.charter.posts[post]
    seated = any(seat.post == post for body in scene.charter.bodies.values() for seat in body.seats)
    return bool(own.at or own.part_of or seated)


def _unknown_level(scene: Scene, level: str, path: Path) -> None:
    known = scene.charter.levels.known
    scene.faults.add(path, f"没有“{level}”这一级。", expected=known, near=level)


def _one_of(scene: Scene, name: str | None, known: Iterable[str], path: Path, what: str) -> None:
    names = set(known)
    if name is not None and name not in names:
        scene.faults.add(path, f"没有叫“{name}”的{what}。", expected=names, near=name)


def _bodies_and_posts(scene: Scene) -> None:
    charter = scene.charter
    _one_of(scene, charter.levels.owner, charter.bodies, ("levels", "owner"), "组织")
    for body in charter.bodies.values():
        for n, seat in enumerate(body.seats):
            where: Path = ("bodies", body.key, "seats", n)
            _one_of(scene, seat.post, charter.posts, (*where, "post"), "职务")
            _one_of(scene, seat.body, charter.bodies, (*where, "body"), "组织")
        if body.at and body.at not in charter.levels.known:
            _unknown_level(scene, body.at, ("bodies", body.key, "at"))
    for post in charter.posts.values():
        path: Path = ("posts", post.key)
        _one_of(scene, post.part_of, charter.bodies, (*path, "part_of"), "组织")
        for n, other in enumerate(post.apart_from):
            _one_of(scene, other, charter.posts, (*path, "apart_from", n), "职务")
        if post.at and post.at not in charter.levels.known:
            _unknown_level(scene, post.at, (*path, "at"))


def _kinds(scene: Scene) -> None:
    charter = scene.charter
    _one_of(scene, charter.charter.amended_by, charter.kinds, ("charter", "amended_by"), "事项")
    for kind in charter.kinds.values():
        path: Path = ("kinds", kind.key)
        _one_of(scene, kind.procedure, charter.procedures, (*path, "procedure"), "流程")
        _one_of(scene, kind.held_by, charter.kinds, (*path, "held_by"), "事项")
        for n, held in enumerate(kind.holds):
            _one_of(scene, held, charter.kinds, (*path, "holds", n), "事项")
        for name in kind.relation_titles:
            _one_of(scene, name, kind.relations, (*path, "relation_titles", name), "关系")
        if kind.consent:
            _who_one(scene, kind.consent, (*path, "consent"), kind.procedure)
        if kind.raised_in and kind.raised_in not in charter.levels.known:
            _unknown_level(scene, kind.raised_in, (*path, "raised_in"))
    for _, step, path in scene.steps():
        opens = step.params.get("opens")
        if step.kind == "open" and isinstance(opens, str):
            _one_of(scene, opens, charter.kinds, (*path, "opens"), "事项")


def _duties_and_dispatch(scene: Scene) -> None:
    charter = scene.charter
    holders = {*charter.bodies, *charter.posts, *STATUSES}
    for duty in charter.duties.values():
        for n, name in enumerate(duty.of):
            _one_of(scene, name, holders, ("duties", duty.key, "of", n), "组织、职务或身份")
        for n, name in enumerate(duty.kinds):
            _one_of(scene, name, charter.kinds, ("duties", duty.key, "kinds", n), "事项")
    for category in charter.categories.values():
        path: Path = ("categories", category.key, "parent")
        _one_of(scene, category.parent, charter.categories, path, "类别")
        if _above_itself(scene, category.key):
            scene.faults.add(path, f"类别“{category.key}”绕了一圈又成了自己的上级。请改 parent。")
    for rule in charter.dispatch.values():
        for n, name in enumerate(rule.categories):
            _one_of(scene, name, charter.categories, ("dispatch", rule.key, "categories", n), "类别")
        _who(scene, rule.to, ("dispatch", rule.key, "to"), None, acts=True)
    for table, entries in (("training", charter.training.values()), ("talks", charter.talks.values())):
        for entry in entries:
            for n, name in enumerate(entry.for_):
                _one_of(scene, name, holders, (table, entry.key, "for", n), "组织、职务或身份")


def _above_itself(scene: Scene, key: str) -> bool:
    seen: set[str] = set()
    here: str | None = scene.charter.categories[key].parent
    while here in scene.charter.categories and here not in seen:
        if here == key:
            return True
        seen.add(here)
        here = scene.charter.categories[here].parent
    return False
