"""Invented messages for the tests of this folder: four classes, each with its own words."""

import random

from weizhi.methods.text.features import Message

SAID = {
    "litter": ["垃圾桶满了没人清运", "楼下垃圾乱扔很臭", "垃圾站异味太大", "大件垃圾堆在路边", "厨余垃圾撒了一地"],
    "noise": ["装修噪音吵得睡不着", "半夜唱歌扰民", "广场舞音响太吵", "工地夜里施工噪音", "楼上敲打声音大"],
    "parking": ["车位被占了", "消防通道停车堵住", "电动车充电没地方", "停车收费不公开", "外来车辆乱停"],
    "lift": ["电梯坏了老人下不来", "电梯困人", "电梯按钮失灵", "电梯年检过期", "电梯异响抖动"],
}
TAILS = ["请尽快处理", "已经三天了", "大家都有意见", "希望社区看看", "谢谢", "多次反映没有结果"]


def taught(count: int, seed: int = 7) -> tuple[list[Message], list[str]]:
    rng = random.Random(seed)
    labels = [sorted(SAID)[place % len(SAID)] for place in range(count)]
    made = [
        Message(
            str(place),
            rng.choice(SAID[label]),
            f"{rng.randint(1, 30)}栋，{rng.choice(SAID[label])}，{rng.choice(TAILS)}。",
        )
        for place, label in enumerate(labels)
    ]
    return made, labels
