"""A clerk who enters papers with nothing but a keyboard: how many keys, where the cursor stands, how a slip is told."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from weizhi.decisions.models import Envelope, PaperEntry
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.lift import HOMES, lift
from weizhi.portal.tests.test_browser import OpenPage, hand_at, looked_at, sign_in
from weizhi.portal.tests.test_votes_desk import with_two_clerks

__all__ = ["committed_stage"]


@dataclass
class Clerk:
    """Two hands on a keyboard: nothing here may touch a mouse. Each press is counted."""

    page: Page
    pressed: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def types(self, text: str) -> None:
        self.press(*text)

    def enters(self, line: int, choice: str, said: str) -> int:
        """One paper, from the cursor in the number to the cursor in the number again; how many keys it took."""
        before = self.pressed
        hand_at(self.page, "#line")
        self.types(str(line))
        self.press("Enter", choice, "Enter")
        expect(self.page.locator(".flash")).to_contain_text(said)
        expect(self.page.locator("#line")).to_be_focused()
        expect(self.page.locator("#line")).to_have_value("")
        return self.pressed - before


def test_ten_papers_twice_by_keyboard_alone_and_each_slip_is_told_in_words(
    committed_stage: Stage, open_page: OpenPage
) -> None:
    up = with_two_clerks(lift(committed_stage))
    clerks = [Clerk(sign_in(open_page("desk"), committed_stage, login)) for login in ("wang", "li")]
    dialogs: list[str] = []
    for one in clerks:
        one.page.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
        one.page.goto(f"/votes/{up.vote.pk}/desk")
    first, second = clerks
    lines = [up.line(home).n for home in HOMES if home != "401"][:10]
    for n, line in enumerate(lines):
        assert first.enters(line, "123"[n % 3], "第一遍录好了") == len(str(line)) + 3
    for n, line in enumerate(lines):
        assert second.enters(line, "123"[n % 3], "两遍一样") == len(str(line)) + 3
    assert Envelope.objects.filter(channel="paper").count() == 10 and not PaperEntry.objects.exists()

    # A number that is not on the roll: said beside the field, which waits with the wrong one marked to be typed over.
    first.types("999")
    first.press("Enter", "1", "Enter")
    expect(first.page.get_by_role("alert")).to_contain_text("名册上没有“999”")
    hand_at(first.page, "#line")
    looked_at(first.page)
    first.types(str(up.line("602").n))
    expect(first.page.locator("#line")).to_have_value(str(up.line("602").n))
    first.press("Enter", "1", "Enter")
    expect(first.page.locator(".flash")).to_contain_text("第一遍录好了")
    hand_at(first.page, "#line")

    # Of a home of two the page asks whose paper it is before it goes; the arrow chooses, Enter sends.
    of_two = up.line("401").n
    first.types(str(of_two))
    first.press("Enter")
    expect(first.page.locator("#of")).to_be_visible()
    first.press("2", "Enter")
    expect(first.page.locator("#of")).to_be_focused()
    first.press("ArrowDown", "Enter")
    expect(first.page.locator(".flash")).to_contain_text("第一遍录好了")

    # What the second reads otherwise is shown with both readings, the cursor among the choices; whose it is stays.
    second.types(str(of_two))
    second.press("Enter")
    expect(second.page.locator("#of")).to_be_visible()
    second.press("1", "Enter", "ArrowDown", "Enter")
    expect(second.page.locator(".differs")).to_contain_text("两遍不一样")
    hand_at(second.page, "[name=choice]")
    looked_at(second.page)
    second.press("2", "Enter")
    expect(second.page.locator(".flash")).to_contain_text("两遍一样")
    assert dialogs == [] and Envelope.objects.filter(channel="paper").count() == 11
