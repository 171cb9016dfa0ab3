"""Why each project won or lost, in a sentence that can be read out. The exact numbers stand in ``Outcome.fates``."""

from fractions import Fraction

from weizhi.methods.budgeting.outcome import Fate, Outcome, Purchase


def explain(outcome: Outcome) -> dict[str, str]:
    """Project id → one sentence."""
    names = {project.id: project.name or project.id for project in outcome.election.projects}
    return {fate.id: f"“{names[fate.id]}”{_sentence(outcome, fate)}" for fate in outcome.fates}


def amount(value: Fraction) -> str:
    """With thousands separators; 约 where more than two decimals were cut."""
    cents = round(value * 100)
    text = f"{cents // 100:,}" + (f".{cents % 100:02d}" if cents % 100 else "")
    return text if Fraction(cents, 100) == value else f"约 {text}"


def _sentence(outcome: Outcome, fate: Fate) -> str:
    voices = f"{fate.votes:,} {_unit(outcome)}"
    if fate.purchase is not None:
        return _won(outcome, fate.purchase, voices)
    cost, missing = amount(fate.cost), amount(fate.missing)
    match fate.why:
        case "unsupported":
            return "落选：没有人选它。"
        case "short":
            return (
                f"落选：得 {voices}。费用 {cost}，计到最后它的支持者手里一共还有 {amount(fate.had)}，还差 {missing}。"
            )
        case "too-dear":
            return f"落选：得 {voices}。费用 {cost}，比全部预算 {amount(fate.had)} 还多 {missing}。"
        case "stopped":
            saved = f"那时它的支持者已攒到 {amount(min(fate.had, fate.cost))}"
            rest = f"还差 {missing}" if fate.missing else "够了，但预算已装不下"
            return f"落选：得 {voices}。费用 {cost}；计数在下一个项目超出预算时停止，{saved}，{rest}。"
    return f"落选：得 {voices}。费用 {cost}，轮到它时预算只剩 {amount(fate.had)}，还差 {missing}。"


def _won(outcome: Outcome, one: Purchase, voices: str) -> str:
    cost, left = amount(one.cost), amount(one.left)
    begin = f"第 {one.place} 个入选：得 {voices}。费用 {cost}，"
    if one.completion:
        return f"{begin}由按票补足时用剩下的预算支付，之后预算剩 {left}。"
    if one.price is None:
        return f"{begin}轮到它时预算够用，之后剩 {left}。"
    if outcome.rule == "phragmen":
        return f"{begin}每人累计分到 {amount(one.price)} 时，它的支持者凑够了这笔钱，之后预算剩 {left}。"
    if not one.price:
        return f"第 {one.place} 个入选：得 {voices}，不需要花钱。"
    each = "每人" if outcome.election.ballots.points is None else "每 1 分"
    whole = f"由 {one.in_full:,} 位支持者{each}付 {amount(one.price)}"
    if not one.with_rest:
        return f"{begin}{whole}。"
    if not one.rest:
        return f"{begin}{whole}，另 {one.with_rest:,} 位的钱已经用完。"
    return f"{begin}{whole}，另 {one.with_rest:,} 位付出手里剩下的全部，共 {amount(one.rest)}。"


def _unit(outcome: Outcome) -> str:
    return "票" if outcome.election.ballots.points is None else "分"
