"""Planted numbers in odd writings are found, public ones stay, and nothing else is touched."""

import random
import re

import pytest

from weizhi.methods.text.masking import PUBLIC, id_check, luhn, mask

CJK = "我家楼下的路灯坏了请尽快来人看看谢谢你们每天都很吵物业不管小区门口有垃圾没人收昨晚又漏水"
FULL = {ord(one): ord(one) + 0xFEE0 for one in map(chr, range(0x21, 0x7F))} | {0x20: 0x3000}
PUBLISHED = ("0731-88665110", "010 8512 3456", "13900001111")
PUBLIC_WRITINGS = (
    "12345",
    "110",
    "120",
    "１２３４５",
    "12369",
    "400-810-1234",
    "4008101234",
    "400 810 1234",
    "８００－８２０－８８２０",
    "+86 400 810 8888",
    "95588",
    "(0731)88665110",
    "0731 8866 5110",
    "０７３１－８８６６５１１０",
    "+86-731-88665110",
    "010-85123456",
    "139 0000 1111",
    "+86 13900001111",
)


def pick(rng, letters, count):
    return "".join(rng.choice(letters) for _ in range(count))


def mobile(rng):
    number = "1" + rng.choice("3456789") + pick(rng, "0123456789", 9)
    head = rng.choice(["", "", "+86", "+86 ", "86-", "0086 "])
    cut = rng.choice(
        ["{0}{1}{2}", "{0}-{1}-{2}", "{0} {1} {2}", "{0}.{1}.{2}", "{0}—{1}—{2}", "{0}{1} {2}", "{0} {1}{2}"]
    )
    if rng.random() < 0.1:
        return "mobile", " ".join(number)
    if rng.random() < 0.1:
        return "mobile", number.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    return "mobile", head + cut.format(number[:3], number[3:7], number[7:])


def landline(rng):
    area = rng.choice(["010", "021", "0731", "0571", "0755", "023", "0871"])
    local = rng.choice("2345678") + pick(rng, "0123456789", rng.choice([6, 7]))
    local = local if rng.random() < 0.6 else f"{local[:-4]}{rng.choice([' ', '-'])}{local[-4:]}"
    return "landline", rng.choice(["{0}-{1}", "{0} {1}", "({0}){1}", "{0}{1}", "({0}) {1}", "+86 {2} {1}"]).format(
        area, local, area[1:]
    )


def identity(rng):
    day = f"{rng.randint(1930, 2020)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    first = rng.choice(["110101", "430102", "330106", "510107", "620602", "810000"]) + day + pick(rng, "0123456789", 3)
    number = first + id_check(first)
    number = number.lower() if rng.random() < 0.3 else number
    return "id", rng.choice(
        [number, f"{number[:6]} {number[6:14]} {number[14:]}", f"{number[:6]}-{number[6:14]}-{number[14:]}"]
    )


def card(rng):
    while True:
        number = rng.choice(["62", "4", "5", "35", "9"]) + pick(rng, "0123456789", 14)
        number += pick(rng, "0123456789", rng.choice([16, 17, 18, 19]) - len(number))
        if luhn(number):
            gap = rng.choice(["", " ", "-"])
            return "card", gap.join(re.findall(".{1,4}", number))


def plate(rng):
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    head = rng.choice("京沪粤湘浙川新藏") + rng.choice(letters)
    tail = rng.choice(
        [
            pick(rng, "0123456789", 5),
            rng.choice("DF") + pick(rng, "0123456789", 5),
            pick(rng, "0123456789", 5) + rng.choice("DF"),
            rng.choice(letters) + pick(rng, "0123456789", 4),
            pick(rng, "0123456789", 4) + rng.choice("学警挂港"),
        ]
    )
    whole = head + rng.choice(["", "·", " ", "-", "•"]) + tail
    return "plate", whole.lower() if rng.random() < 0.2 else whole


def email(rng):
    return "email", pick(rng, "abcxyz0123._", 6).strip(".") + "q" + rng.choice(
        ["@qq.com", "@163.com", "@mail.example.com.cn", " @ qq.com"]
    )


def words(rng):
    return pick(rng, CJK, rng.randint(1, 12))


@pytest.mark.slow
def test_ten_thousand_texts():
    """Every planted number is one span of its kind, at its place; the rest of the text is as it was."""
    rng = random.Random(20261121)
    for _ in range(10_000):
        text, planted = words(rng), []
        for _ in range(rng.randint(1, 4)):
            kind, number = rng.choice([mobile, landline, identity, card, plate, email])(rng)
            if rng.random() < 0.3:
                number = number.translate(FULL)
            planted.append((len(text), len(text) + len(number), kind))
            text += number + words(rng)
            text += rng.choice(
                ["", "", rng.choice(PUBLIC_WRITINGS) + words(rng), "2019年3月5日订单号20190305，", "3栋2单元301室"]
            )
        masked = mask(text, PUBLISHED)
        assert [(span.start, span.end, span.kind) for span in masked.spans] == planted, text
        rest, again, done = text, masked.text, 0
        for span in masked.spans:
            gap = rest[done : span.start]
            assert again.startswith(gap + span.shown)
            again, done = again[len(gap) + len(span.shown) :], span.end
        assert again == rest[done:]


@pytest.mark.parametrize("number", [*PUBLIC_WRITINGS, *sorted(PUBLIC)])
@pytest.mark.parametrize("around", ["{}", "请打{}问", "电话：{}。", "打 {} 或 {}"])
def test_public_numbers_stay(number, around):
    text = around.replace("{}", number)
    assert mask(text, PUBLISHED).text == text and not mask(text, PUBLISHED).spans


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打我13800138000。", "打我138****8000。"),
        ("１３８－００１３－８０００", "138-****-8000"),
        ("13800138000和13900139000、13700137000", "138****8000和139****9000、137****7000"),
        ("座机0731-88887777转801", "座机0731-****7777转801"),
        ("证号11010119900307803X", "证号110*************3X"),
        ("京A·12345的车", "京A·***45的车"),
        ("新能源粤bd12345挡路", "新能源粤B****45挡路"),
        ("写给lin@example.com吧", "写给l***@example.com吧"),
        ("卡号6222 0212 3456 7894", "卡号**** **** **** 7894"),
        ("12345 13800138000", "12345 138****8000"),
        ("13800138000 1234567", "138****8000 1234567"),
        ("⑬800138000", "138****8000"),
    ],
)
def test_what_others_see(text, shown):
    assert mask(text).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "订单号20190305123456",
        "110101199003078031",
        "6222021234567891",
        "2019-12-13 15:30",
        "15-1-2024 1234 567",
        "新A3-2-301",
        "川ABCDEF",
        "110101199013078035",
        "62220 2123 4567894",
        "0400-1234567",
        "138001380001",
        "13800 1380 0",
        "二〇一九年十二月",
        "㎡…½",
        "",
        "3#楼2单元301",
    ],
)
def test_other_numbers_stay(text):
    assert mask(text).text == text


def test_a_character_that_folds_to_several_is_hidden_whole():
    masked = mask("0731-888877⑫和138001380⑩")
    assert masked.text == "0731-****7712和138****8010"
    assert len(masked.spans) == 2


def test_two_numbers_in_one_character_are_hidden_together():
    """㎥ folds to m3: the address ends and the card begins in it."""
    number = next(f"3{n:015}" for n in range(500_000, 500_010) if luhn(f"3{n:015}"))
    masked = mask(f"写lin@example.co㎥{number[1:]}，谢谢")
    assert masked.text == f"写l***@example.com{'*' * 12}{number[-4:]}，谢谢"
    assert [(span.start, span.end) for span in masked.spans] == [(1, 31)]


def test_checks_follow_published_examples():
    assert id_check("11010519491231002") == "X"  # GB 11643-1999's own example
    assert luhn("79927398713") and not luhn("79927398710")
