"""What people call the names of a charter: a post's title, a relation in Chinese, a step's own title."""

from collections.abc import Iterable

from .models import Charter
from .steps import Procedure, Step
from .words import BUILT_IN_ENDS

RELATION_TITLES = {
    "raiser": "提出的人",
    "subject": "当事人",
    "assignee": "经办人",
    "interested": "利害关系人",
    "supporter": "支持的人",
    "supervisor": "监督人",
    "payer": "出钱的人",
    "beneficiary": "受益人",
    "expert": "专家",
    "sent-to": "派给的人",
    "superior": "派给的人的上级",
}
STATUS_TITLES = {
    "resident": "居民",
    "owner": "业主",
    "tenant": "租户",
    "member": "成员",
    "anyone-signed-in": "登录的人",
}
FIXED_OUTCOMES = {"met": "办齐了", "unmet": "没办齐", "good": "满意", "bad": "不满意"}
END_TITLES = {"withdrawn": "撤回", "merged": "并入另一件"}


def who_title(name: str, charter: Charter | None) -> str:
    """Return what a name in `by` or `tell` is called."""
    if charter is not None:
        for table in (charter.posts, charter.bodies):
            if name in table:
                return table[name].title or name
        for kind in charter.kinds.values():
            if title := kind.relation_titles.get(name):
                return title
    return RELATION_TITLES.get(name) or STATUS_TITLES.get(name) or name


def who_titles(names: Iterable[str], charter: Charter | None) -> str:
    """Return several names joined as people read them."""
    return "、".join(dict.fromkeys(who_title(name, charter) for name in names))


def place_title(key: str, procedure: Procedure) -> str:
    """Return what a target is called: a step, an end, or a branch's answer."""
    fork, dot, answer = key.rpartition(".")
    if dot and fork in procedure.steps:
        return f"{step_title(procedure.steps[fork])}：{'这一支办成' if answer == 'yes' else '这一支没办成'}"
    if key in procedure.steps:
        return step_title(procedure.steps[key])
    if key in procedure.ends:
        return procedure.ends[key].title or key
    return END_TITLES[key] if key in BUILT_IN_ENDS else key


def step_title(step: Step) -> str:
    """Return a step's title, or its key where the charter gives none."""
    return step.title or step.key


def outcome_title(step: Step, outcome: str) -> str:
    """Return what an outcome is called at its step."""
    return step.outcome_titles.get(outcome) or (FIXED_OUTCOMES | END_TITLES).get(outcome, outcome)
