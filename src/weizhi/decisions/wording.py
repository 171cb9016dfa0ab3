"""What a counted vote is in words, for the page, the board and the minutes. Pure."""

from weizhi.decisions.choices import Paper
from weizhi.decisions.rules import Counted


def page_of(found: Counted, paper: Paper) -> str:
    """One line for a page. A poll neither passes nor fails: it says what people said."""
    if found.checks:
        leads = f"：{leading(found, paper)}" if paper.form != "yes-no" and found.outcome == "passed" else ""
        return found.decision.page + leads
    if not found.present.heads:
        return "没有人参加"
    return sides_of(found, paper) if paper.form == "yes-no" else leading(found, paper)


def notice_of(found: Counted, paper: Paper) -> str:
    """For the notice board: the result and every number behind it."""
    if found.checks and paper.form == "yes-no":
        return found.decision.notice
    sentences = "".join(check.sentence for check in found.checks)
    return f"结果：{page_of(found, paper)}。参加 {found.present.heads:,} 人；{sides_of(found, paper)}。{sentences}"


def minutes_of(found: Counted, paper: Paper) -> str:
    """For the minutes: with the article."""
    return (f"依据{found.law}，" if found.law else "") + notice_of(found, paper)


def leading(found: Counted, paper: Paper) -> str:
    """Which option leads, or which lead together."""
    titles = paper.titles
    unit = "分" if paper.form == "ranking" else "人"
    most = f"{found.ranking[0][1]:,} {unit}" if found.ranking else ""
    if found.tied:
        return "、".join(f"“{titles[key]}”" for key in found.tied) + f"并列最多，各 {most}"
    return f"“{titles[found.winner]}”最多，{most}" if found.winner else "没有哪一项得到支持"


def sides_of(found: Counted, paper: Paper) -> str:
    """Every side or option with what it got."""
    titles = paper.titles
    if paper.form == "ranking":
        return "，".join(f"{titles[key]} {points:,} 分" for key, points in found.ranking)
    return "，".join(f"{titles[key]} {one.heads:,} 人" for key, one in found.sides.items())
