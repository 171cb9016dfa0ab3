"""Every page that people see, whose eyes see it, and how it is reached; what has no picture, and why.

A page that is in neither list fails a test. What is asked of the demo's database is asked when the picture is taken.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from weizhi.matters.models import Matter, Step
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.portal.demo.tour import of_next_door, own, waiting_at
from weizhi.portal.queries.alike import alike_page
from weizhi.reports.models import Report
from weizhi.reports.slips import code_of
from weizhi.tests.pictures import demo, doing, elections, voting
from weizhi.tests.pictures.entry import NOBODY, Entry, Where
from weizhi.tests.pictures.told import TOLD

if TYPE_CHECKING:
    from playwright.sync_api import Page as Shown


def at(name: str, *arguments: object, more: str = "") -> Where:
    return lambda _who: reverse(name, args=arguments) + more


def _ended(_who: Standing) -> str:
    """The lamp of the tour: sent back once, thanked for at the end."""
    lamp = Matter.objects.filter(title__startswith="三楼楼道灯坏了", ended_at__isnull=False).earliest("number")
    return reverse("portal:matter", args=[lamp.pk])


def _slip(_who: Standing) -> str:
    return reverse("portal:slip-print", args=[_slipped().matter_id])


def _slipped() -> Report:
    """What somebody telephoned and 小周 wrote down (demo.py)."""
    return Report.objects.filter(matter__title__startswith="三号楼门前的井盖松了", code_blind__isnull=False).get()


def _with_code(page: "Shown") -> None:
    report = _slipped()
    doing.send(page, code=code_of(report.matter_id, report.turn))


def _alike(who: Standing) -> str:
    """A matter beside which something is alike; any that waits, where nothing is."""
    waiting = Step.objects.filter(key__in=["sort", "handle"], closed_at=None, matter__community__slug="xingfuli")
    found = list(waiting.order_by("-opened_at").values_list("matter", flat=True)[:40])
    pages = ((pk, alike_page(pk, who, demo.MOMENT)) for pk in found)
    return reverse("portal:alike", args=[next((pk for pk, page in pages if page and page.alike), found[0])])


def _lin(_who: Standing) -> str:
    return reverse("portal:person", args=[Person.objects.get(login="lin").pk])


def _lin_erased(_who: Standing) -> str:
    return reverse("portal:erase-person", args=[Person.objects.get(login="lin").pk])


ENTRIES: Final = (
    Entry("enter", "portal:enter", NOBODY, "The demo's door: six people to be, three things to try for each."),
    Entry("home", "portal:home", "lin", "A resident's home: what waits for her, her matters, what is on near by."),
    Entry("report", "portal:report", "lin", "Reporting: a photo, a place, a few words."),
    Entry("report-like", "portal:report", "lin", "While she writes: who said the same near by.", then=doing.write),
    Entry("report-error", "portal:report", "lin", "Nothing was written: what to do is said at the field.",
          then=doing.send_empty),
    Entry("rate", "portal:matter", "lin", "Her matter waits for her word: thumb, stars, thanks.", waiting_at("rate")),
    Entry("matter", "portal:matter", "lin", "Her own matter on its way: each act a joint, the last what comes next.",
          own()),
    Entry("ended", "portal:matter", "lin", "Sent back once, done again, thanked for: a seal at the end.", _ended),
    Entry("mine", "portal:mine", "lin", "What I reported, what is kept about me, settings."),
    Entry("homes", "portal:homes", "lin", "The homes I have to do with; one more by a letter."),
    Entry("my-email", "portal:my-email", "lin", "An e-mail address, confirmed by a code."),
    Entry("erase-me", "portal:erase-me", "lin", "Asking to be erased: what goes, what stays, by which law."),
    Entry("notices", "portal:notices", "lin", "What I was told."),
    Entry("notice-choices", "portal:notice-choices", "lin", "How I want to be told, never at night."),
    Entry("common", "portal:common", "lin", "Seen by all: who has each matter now, and since when."),
    Entry("figures", "portal:figures", "lin", "Three rates with what they count, and what they leave out."),
    Entry("map", "portal:map", "zhou", "Where matters are open, by grid: hatching and a number, colour third."),
    Entry("search", "portal:search", "lin", "Search by two characters.", at("portal:search", more="?q=电梯")),
    Entry("charter", "portal:charter", "zhao", "The charter as people see it: who does what, by when."),
    Entry("votes", "portal:votes", "lin", "Votes: open to me, then those that are over."),
    Entry("vote", "portal:vote", "lin", "A ballot: the question, the text, what abstaining means, large answers.",
          voting.open_to),
    Entry("vote-kept", "portal:vote", "lin", "Saved at once, with a receipt; changed until the last day.",
          voting.open_to, voting.cast),
    Entry("vote-result", "portal:vote", "lin", "The result in a sentence of law, heads and area against their marks.",
          voting.over),
    Entry("vote-receipt", "portal:vote-receipt", "lin", "Look up a receipt.", voting.receipt),
    Entry("candidates", "portal:candidates", "guo", "Names put forward: he is asked, others stand or gather electors.",
          elections.candidates),
    Entry("roll-board", "portal:roll", "guo", "A roll on the board: what I said is wrong, and the answer.",
          elections.board),
    Entry("elect-result", "portal:vote", "guo", "Who was elected, with how many of how many.", elections.elected),
    Entry("propose", "portal:report", "guo", "Proposing a project in five plain steps.", elections.propose),
    Entry("budget", "portal:vote", "guo", "A sum to share out: projects with cost, place and why.",
          elections.sharing),
    Entry("budget-result", "portal:vote", "guo", "What was chosen, and what each other project was short of.",
          elections.shared),
    Entry("vote-desk", "portal:vote-desk", "wang", "Writing down ballots of paper, telephone, door and meeting.",
          voting.desk),
    Entry("vote-doors", "portal:vote-doors", "wang", "Whose doors to go to: who has not voted, never how.",
          voting.doors),
    Entry("desk", "portal:desk", "zhou", "The work table: what waits for us, by date."),
    Entry("desk-late", "portal:desk", "wang", "The director's, filtered: what is late.",
          at("portal:desk", more="?due=late")),
    Entry("sort", "portal:matter", "zhou", "A report that waits to be sorted: story left, acts right.",
          waiting_at("sort")),
    Entry("redo", "portal:matter", "chen", "Back from a bad word: to be done again.", waiting_at("redo")),
    Entry("mediate", "portal:matter", "zhao", "Two neighbours: a date for a talk.", waiting_at("talk")),
    Entry("alike", "portal:alike", "wang", "What may be the same matter, each with one button.", _alike),
    Entry("record-for", "portal:record-for", "zhou", "Writing down for others, one after another."),
    Entry("slip-print", "portal:slip-print", "zhou", "The slip to hand over.", _slip),
    Entry("slip", "portal:slip", NOBODY, "Look up a matter by the code on the slip, without an account."),
    Entry("slip-story", "portal:slip", NOBODY, "The public story behind a code.", then=_with_code),
    Entry("slip-error", "portal:slip", NOBODY, "A code that does not exist.", then=doing.send_wrong_code),
    Entry("routing", "portal:routing", "wang", "Rules of dispatch, with a dry run over past reports."),
    Entry("census", "portal:census", "wang", "The census: bring in files, print signs."),
    Entry("import", "portal:import", "wang", "A file with faults: every wrong line is told.", then=None,
          where=doing.brought_in),
    Entry("people", "portal:people", "wang", "Find somebody, enrol somebody.", then=doing.find_lin),
    Entry("person", "portal:person", "wang", "One resident as the officer sees her.", _lin),
    Entry("erasures", "portal:erasures", "wang", "Who asked to be erased."),
    Entry("erase-person", "portal:erase-person", "wang", "Erasing somebody: it takes two.", _lin_erased),
    Entry("letters", "portal:letters", "wang", "Letters with a code for each home.", then=doing.choose_a_building),
    Entry("undelivered", "portal:undelivered", "wang", "Notices that could not be sent, and why."),
    Entry("machines", "portal:machines", "wang", "Tokens for programs: give, take back."),
    Entry("charter-try", "portal:charter-try", "wang", "A rule is changed: its text, its drawing, a rehearsal."),
    Entry("time", "portal:time", "wang", "The demo's time machine."),
    Entry("join", "portal:join", NOBODY, "Joining by the letter in the letter box."),
    Entry("login", "account_login", NOBODY, "Signing in."),
    Entry("login-error", "account_login", NOBODY, "A wrong password.", then=doing.wrong_password),
    Entry("locked", "account_login", NOBODY, "Too many wrong passwords: wait, and what to do.", then=doing.lock_out),
    Entry("code", "account_request_login_code", NOBODY, "Signing in by a code to the telephone."),
    Entry("code-sent", "account_confirm_login_code", "asked-for-a-code", "The code that was sent."),
    Entry("signup", "account_signup", NOBODY, "Nobody signs up: how one gets in instead."),
    Entry("inactive", "account_inactive", NOBODY, "An account that is closed."),
    Entry("logout", "account_logout", "lin", "Signing out."),
    Entry("password", "account_change_password", "tao", "A new password."),
    Entry("password-set", "account_set_password", "lin", "A first password."),
    Entry("reauthenticate", "account_reauthenticate", "tao", "The password once more before something that matters."),
    Entry("second", "mfa_index", "tao", "The second factor."),
    Entry("second-begin", "mfa_activate_totp", "lin", "Setting it up: a code to scan.", then=doing.begin_second_factor),
    Entry("second-ask", "mfa_authenticate", "half-signed-in", "The six digits at signing in."),
    Entry("second-again", "mfa_reauthenticate", "tao", "The six digits once more."),
    Entry("second-off", "mfa_deactivate_totp", "tao", "Giving the second factor up."),
    Entry("back-up", "mfa_view_recovery_codes", "tao", "Codes for the day on which the telephone is lost."),
    Entry("back-up-new", "mfa_generate_recovery_codes", "tao", "New ones, which end the old."),
    Entry("api", "api-1:docs", NOBODY, "The API, described by itself."),
    Entry("not-found", "portal:matter", "guo", "Another community's matter does not exist here.", of_next_door),
    *TOLD,
)  # fmt: skip

NOT_A_PAGE: Final = "answers with a file or data, not with a page"
NOT_OPENED: Final = "only takes what a form sends, and leads on to a page that is pictured"
NO_PICTURE: Final[Mapping[str, str]] = {
    "portal:counting-key": "a form of one secret, for the two who open a box",
    **dict.fromkeys(
        (
            "portal:my-data", "portal:photo", "portal:photo-small", "portal:draft", "portal:charter-poster",
            "portal:charter-handbook", "portal:census-template", "portal:census-signs", "portal:import-findings",
            "portal:search-table", "portal:desk-table", "portal:matter-paper", "healthz",
            "portal:vote-recount", "portal:vote-published", "portal:vote-pabulib", "portal:vote-paper",
            "portal:vote-notice", "portal:vote-record", "portal:vote-receipt-text", "portal:calendar",
            "portal:meeting-paper", "portal:notice-paper", "portal:text-paper", "portal:hall-sheet",
            "portal:invitation-letters", "portal:mediation-agreement", "portal:survey-paper",
            "portal:survey-table",
        ),
        NOT_A_PAGE,
    ),
    **dict.fromkeys(
        (
            "portal:seen", "portal:slip-claim", "portal:home-leave", "portal:person-new", "portal:person-say",
            "portal:act", "portal:charter-confirm", "portal:charter-decline", "portal:time-on", "portal:time-start",
            "portal:look", "portal:machine-revoke", "portal:desk-next", "portal:vote-remind", "portal:vote-speaker",
            "portal:vote-open", "portal:vote-urn-empty", "portal:vote-marks",
        ),
        NOT_OPENED,
    ),
    **dict.fromkeys(
        ("portal:record-people", "portal:record-before", "portal:report-before", "portal:report-places", "portal:pulse",
         "portal:charter-look",
         "portal:caller-number", "portal:vote-line", "portal:vote-turnout", "portal:wall-since"),
        "a part of a page that is pictured, asked for while somebody types or reads",
    ),
    "portal:meeting-here": "the code on the wall: signs in, and leads on to the meeting",
    "portal:invitation": "behind a letter's code, without an account: tried in portal/tests/test_inviting.py",
    "portal:vote-urn": "the demo holds no secret vote with papers in an urn",
    "portal:vote-roll": "the same page as a roll on the board (portal:roll), once nothing is corrected any more",
    "portal:charter-duty": "the demo's charter has no lists of duties",
    "portal:gallery": "all pieces for builders: every piece in every state, for builders alone",
}  # fmt: skip
PROGRAMS: Final = ("api-1:", "open311:")  # what programs speak with; the page for their authors is pictured
