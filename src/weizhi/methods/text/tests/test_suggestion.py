"""Words first, the learned model where they are silent; certainty that means something; models without code in them."""

import json
import random
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weizhi.methods.text.features import Message, Weights, grams, weigh
from weizhi.methods.text.keywords import Category, Suggestion, Words, because_of, occurring
from weizhi.methods.text.learning import TooFew, check, f1_of, learn
from weizhi.methods.text.model import Model, NotAModel
from weizhi.methods.text.suggestion import automatic, suggest
from weizhi.methods.text.tests.messages import taught

WORDS = Words(
    [
        Category("environment", "环境卫生", ("垃圾", "异味")),
        Category("litter", "垃圾乱扔", ("乱扔", "垃圾"), parent="environment"),
        Category("noise", "噪音扰民", ("噪音", "吵")),
        Category("repair", "维修", ("灯", "漏水")),
        Category("traffic", "交通", ("红绿灯",)),
        Category("other", "其他"),
    ]
)


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(*taught(120))


@pytest.fixture(scope="module")
def labelled(shared):
    rows = [json.loads(line) for line in (shared / "data/messages/labelled.jsonl").read_text("utf-8").splitlines()]
    return [Message(str(row["id"]), row["title"], row["text"]) for row in rows], [row["label"] for row in rows]


# --- words ---------------------------------------------------------------------------------------------


def test_the_word_is_the_reason():
    first = WORDS.suggest("楼下垃圾没人收")[0]
    assert (first.key, first.reason) == ("litter", "因为说到“垃圾”")
    assert 0 < first.certainty <= 0.8


def test_full_width_and_capitals_are_read_alike():
    assert occurring(["WiFi"], "ｗｉｆｉ坏了") == ["WiFi"]
    assert occurring([], "坏了") == []
    assert because_of(["垃圾", "乱扔"]) == "因为说到“垃圾”、“乱扔”"


def test_a_word_inside_a_longer_one_is_not_said():
    assert [one.key for one in WORDS.suggest("路口红绿灯时间短")] == ["traffic"]


def test_two_sides_share_the_certainty_and_the_title_counts_twice():
    first, second = WORDS.suggest("太吵了", "还有漏水")
    assert (first.key, second.key) == ("noise", "repair")  # as long, and the charter names it first
    assert first.certainty == second.certainty == 0.4
    heard = WORDS.suggest("噪音", "漏水")
    assert [one.key for one in heard] == ["noise", "repair"]
    assert heard[0].certainty > heard[1].certainty


def test_nothing_said_nothing_suggested():
    assert WORDS.suggest("你好") == ()
    assert Words([]).suggest("垃圾") == ()


def test_a_circle_of_parents_ends():
    circle = Words([Category("a", "甲", ("垃圾",), parent="b"), Category("b", "乙", (), parent="a")])
    assert circle.suggest("垃圾")[0].key == "a"


# --- features ------------------------------------------------------------------------------------------


def test_rows_have_length_one_and_leave_out_the_unknown():
    weights = weigh([grams("垃圾桶"), grams("垃圾站")], at_least=1)
    places, values = weights.row(grams("垃圾车"))
    assert sum(value * value for value in values) == pytest.approx(1)
    assert {name for name, place in weights.places.items() if place in places} == {"垃", "圾", "垃圾"}
    assert weights.row(grams("电梯")) == ([], [])
    assert list(weigh([grams("甲乙"), grams("甲丙")], at_least=2).places) == ["甲"]
    assert len(weigh([grams("甲乙"), grams("甲丙")], at_least=1, at_most=2).places) == 2


# --- the model -----------------------------------------------------------------------------------------


def test_learned_from_confirmed_messages(model):
    found = model.suggest(Message("new", "电梯又坏了", "困住两个人"))
    assert found[0].key == "lift"
    assert found[0].source == "model"
    assert "120 条" in found[0].reason and "“电梯”" in found[0].reason
    assert sum(one.certainty for one in found) == pytest.approx(1, abs=0.001)


def test_same_messages_same_model(model):
    assert learn(*taught(120)).to_bytes() == model.to_bytes()


def test_written_and_read_again(model):
    again = Model.from_bytes(model.to_bytes())
    for one in (Message("a", "车位被占"), Message("b", "半夜太吵", "睡不着"), Message("c", "ĀĂ")):
        assert again.suggest(one) == model.suggest(one)


def test_nothing_known_is_said_without_reason(model):
    found = model.suggest(Message("c", "ĀĂ"))
    assert len(found) == 4 and "例如" not in found[0].reason


def test_bytes_that_are_no_model(model, tmp_path):
    for wrong in (b"", b"PK\x03\x04nothing", b"\x80\x04pickle"):
        with pytest.raises(NotAModel, match="不是模型文件"):
            Model.from_bytes(wrong)
    path = tmp_path / "objects.npz"
    np.savez(path, head=np.asarray([object()], dtype=object))
    with pytest.raises(NotAModel, match="不是模型文件"):
        Model.from_bytes(path.read_bytes())


@pytest.mark.parametrize(
    ("change", "words"), [({"format": 9}, "格式是 9"), ({"body": []}, "数目对不上"), ({"keys": None}, "不是模型文件")]
)
def test_a_model_of_another_make(model, tmp_path, change, words):
    path = tmp_path / "model.npz"
    path.write_bytes(model.to_bytes())
    with np.load(path) as held:
        arrays = dict(held)
    head = json.loads(bytes(arrays["head"])) | change
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(NotAModel, match=words):
        Model.from_bytes(path.read_bytes())


def test_classes_that_are_never_confused_leave_no_curve_to_fit():
    """All right or all wrong on what was held out: a tie is half sure, and a clear margin is sure."""
    messages = [Message(str(n), "电梯" if n % 2 else "噪音") for n in range(40)]
    labels = ["lift" if n % 2 else "noise" for n in range(40)]
    found = learn(messages, labels)
    assert (found.slope, found.shift) == (4.0, 0.0)
    assert found.certainty(0.0) == 0.5 and found.suggest(Message("x", "电梯"))[0].certainty > 0.9


def test_too_few_to_learn_from():
    with pytest.raises(TooFew, match="至少 10 条"):
        learn(*taught(12))


def test_classes_with_few_examples_wait():
    messages, labels = taught(120)
    assert "rare" not in learn([*messages, Message("x", "别的事")], [*labels, "rare"]).keys


def test_certainty_follows_the_margin(model):
    assert model.certainty(2.0) > model.certainty(0.5) > model.certainty(0.0)


def test_what_the_words_are_worth_is_learned():
    """Where messages have nothing in common, only the words tell, and must count; where words lie, they must not."""
    said = {"lift": "电梯", "noise": "噪音"}
    rng = random.Random(5)
    labels = [rng.choice(sorted(said)) for _ in range(60)]
    # each says its category with a word that no other message has
    odd = [chr(0x4E00 + 7 * n) + chr(0x7000 + 11 * n) for n in range(60)]
    messages = [Message(str(n), word) for n, word in enumerate(odd)]
    words = Words(
        [
            Category(key, title, tuple(w for w, label in zip(odd, labels, strict=True) if label == key))
            for key, title in said.items()
        ]
    )
    trusted = learn(messages, labels, words=words)
    assert trusted.said > 0
    assert suggest(messages[0], words, trusted)[0].key == labels[0]
    lying = Words([Category("lift", "电梯", ("噪音",)), Category("noise", "噪音", ("电梯",))])
    plain = [Message(str(n), said[label], "又来了") for n, label in enumerate(labels)]
    doubted = learn(plain, labels, words=lying)
    assert doubted.said == 0 and suggest(Message("x", "电梯"), lying, doubted)[0].key == "lift"
    assert learn(plain, labels).said is None


def test_the_curve_is_fitted_where_some_were_wrong():
    """A third of the labels are wrong by the dice: certainties must stay near two thirds."""
    messages, labels = taught(200)
    rng = random.Random(2)
    noisy = [label if rng.random() < 2 / 3 else rng.choice(sorted(set(labels))) for label in labels]
    model = learn(messages, noisy)
    assert model.slope > 0
    told = [model.suggest(one)[0].certainty for one in taught(80, seed=99)[0]]
    assert 0.55 < sum(told) / len(told) < 0.9


def test_others_teach_only_what_is_rare():
    messages, labels = taught(60)
    others = [Message(f"o{n}", "电梯", "电梯电梯") for n in range(300)]
    plain, wide = learn(messages, labels), learn(messages, labels, others=others)
    assert wide.keys == plain.keys and wide.learned == plain.learned == 60
    assert wide.body.rarity[wide.body.places["电梯"]] < plain.body.rarity[plain.body.places["电梯"]]


def test_checked_on_messages_held_out():
    found = check(*taught(80))
    assert found.messages == 80 and 0.8 < found.accuracy <= 1
    assert found.surest[0.5] >= found.accuracy - 0.05
    assert f1_of("none", ["a"], ["a"]) == 0.0


# --- together ------------------------------------------------------------------------------------------


def fixed(scores: dict[str, float]) -> Model:
    """A model that always says the same."""
    keys = tuple(sorted(scores))
    offset = np.asarray([scores[key] for key in keys], dtype=np.float32)
    nothing = Weights({}, [])
    return Model(keys, nothing, nothing, np.zeros((0, len(keys)), dtype=np.float32), offset, 1.0, 0.0, 50)


def test_a_model_that_knows_the_words_weighs_them():
    told = replace(fixed({"litter": 0.0, "noise": 0.1}), said=0.4)
    (first, *_) = suggest(Message("1", "垃圾没人收"), WORDS, told)
    assert (first.key, first.source, first.reason) == ("litter", "words", "因为说到“垃圾”")
    assert first.certainty == told.suggest(Message("1", ""), WORDS.suggest("垃圾没人收"))[0].certainty
    sure = replace(fixed({"litter": 0.0, "noise": 3.0}), said=0.4)
    assert [one.key for one in suggest(Message("1", "垃圾没人收"), WORDS, sure)[:2]] == ["noise", "litter"]


def test_words_that_are_surer_come_before_a_model_learned_without_them():
    found = suggest(Message("1", "有人乱扔"), WORDS, fixed({"litter": 0.0, "noise": 0.01}))
    assert [one.key for one in found[:2]] == ["litter", "noise"] and found[0].source == "words"


def test_both_say_the_same():
    (first, *_) = suggest(Message("1", "垃圾没人收"), WORDS, fixed({"litter": 1.0, "noise": -1.0}))
    assert first.key == "litter" and first.reason == "因为说到“垃圾”"
    assert first.certainty > 0.88


def test_a_surer_model_keeps_its_certainty():
    (first, *_) = suggest(Message("1", "垃圾没人收"), WORDS, fixed({"litter": 9.0, "noise": -9.0}))
    assert first.source == "model" and first.certainty > 0.95


def test_words_are_silent_or_the_model_is_surer():
    assert suggest(Message("1", "你好"), WORDS, fixed({"noise": 1.0, "lift": 0.0}))[0].key == "noise"
    found = suggest(Message("1", "垃圾"), WORDS, fixed({"noise": 5.0, "litter": -5.0}))
    assert [one.key for one in found[:2]] == ["noise", "litter"]


def test_words_win_where_the_model_does_not_know_the_category():
    found = suggest(Message("1", "路口红绿灯"), WORDS, fixed({"noise": 5.0, "litter": -5.0}))
    assert [one.key for one in found[:2]] == ["traffic", "noise"]


def test_without_a_model():
    assert suggest(Message("1", "太吵"), WORDS)[0].key == "noise"


def test_nothing_is_sent_by_itself_below_the_communitys_margin():
    sure = (Suggestion("noise", 0.9, "", "words"),)
    assert automatic(sure, 0.9) == sure[0]
    assert automatic(sure, 0.91) is None
    assert automatic((), 0.0) is None


# --- real messages -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_eight_hundred_real_messages(labelled, shared):
    """With words for the seven classes (written from what the classes are called, before a message was read) and
    1,200 messages nobody sorted. What is tried was seen neither by the weights nor by the curve."""
    table = tomllib.loads((Path(__file__).parent / "seven_classes.toml").read_text("utf-8"))["categories"]
    words = Words(Category(key, row["title"], tuple(row["words"])) for key, row in table.items())
    lines = (shared / "data/messages/messages.jsonl").read_text("utf-8").splitlines()
    others = [Message(str(row["id"]), row["title"], row["text"]) for row in map(json.loads, lines)]
    found = check(*labelled, words=words, others=others)
    assert found.macro_f1 >= 0.83
    assert found.surest[0.8] >= 0.93
    for least, (count, right) in found.promised.items():
        assert count > 400 and right / count >= least
