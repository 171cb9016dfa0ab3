"""What may stand on a ballot, sealed and opened again; nothing tells the choice from outside."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.decisions.choices import BadChoice, Option, Paper, packed, unpacked, yes_no
from weizhi.secrets.ballots import Opener, Unreadable, new_key, seal, size_for

KEYS = st.lists(st.text("abc123甲乙", min_size=1, max_size=8), min_size=1, max_size=30, unique=True)
FORMS = st.sampled_from(["choice", "ranking", "approve"])


@st.composite
def ballots(draw):
    """A paper and something that may stand on it."""
    keys, form = draw(KEYS), draw(FORMS)
    most = 1 if form == "choice" else draw(st.integers(1, len(keys)))
    least = 0 if form == "approve" else 1
    chosen = draw(st.permutations(keys))[: draw(st.integers(least, most))]
    return Paper(form, tuple(Option(key, key) for key in keys), most), chosen


@given(ballots())
def test_what_is_packed_comes_out_and_the_length_never_tells_the_choice(ballot):
    paper, chosen = ballot
    kept = paper.checked(chosen)
    assert sorted(kept) == sorted(chosen)
    assert tuple(unpacked(packed(kept))) == kept
    private, public = new_key()
    size = size_for(paper.longest)
    sealed, least = seal(packed(kept), size, public, b"x"), seal(packed([]), size, public, b"x")
    assert len(sealed) == len(least)
    assert Opener(private).open(sealed, b"x") == packed(kept)


@pytest.mark.parametrize(
    ("paper", "chosen", "words"),
    [
        (yes_no(), [], "请选一项"),
        (yes_no(), ["yes", "no"], "请选一项"),
        (yes_no(), ["maybe"], "没有“maybe”"),
        (yes_no(), ["follow"], "没有“follow”"),
        (Paper("ranking", (Option("1", "红"),), 1), [], "至少"),
        (Paper("approve", (Option("1", "红"), Option("2", "黄")), 1), ["1", "2"], "请去掉 1 项"),
        (Paper("approve", (Option("1", "红"),), 1), ["1", "1"], "同一项"),
    ],
)
def test_what_cannot_stand_on_a_ballot(paper, chosen, words):
    with pytest.raises(BadChoice, match=words):
        paper.checked(chosen)


def test_the_order_of_ticks_is_nobodys_business_but_that_of_a_ranking_is_the_choice():
    options = (Option("1", "红"), Option("2", "黄"), Option("3", "蓝"))
    assert Paper("approve", options, 3).checked(["3", "1"]) == ("1", "3")
    assert Paper("ranking", options, 3).checked(["3", "1"]) == ("3", "1")
    assert Paper("ranking", options, 3).words(("3", "1")) == "蓝 → 红"
    assert Paper("approve", options, 3).words(()) == "空白票"


@given(st.binary(max_size=40))
def test_bytes_that_are_no_choice_never_pass_for_one(plain):
    with suppress(BadChoice):
        assert all(isinstance(key, str) for key in unpacked(plain))


@given(st.data())
def test_an_altered_moved_or_misdirected_envelope_does_not_open(data):
    private, public = new_key()
    sealed = seal(b'["yes"]', 62, public, b"vote|line|voice")
    at = data.draw(st.integers(0, len(sealed) - 1))
    altered = sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]
    opener = Opener(private)
    for broken, bound in ((altered, b"vote|line|voice"), (sealed, b"vote|other|voice"), (sealed[:-1], b"")):
        with pytest.raises(Unreadable):
            opener.open(broken, bound)
    with pytest.raises(Unreadable):
        Opener(new_key()[0]).open(sealed, b"vote|line|voice")
    with pytest.raises(ValueError, match="bytes"):
        seal(bytes(80), 62, public, b"")
    assert repr(opener) == "Opener()"
