"""A story (cases/stories) told as far as a moment, so that its pages can be looked at as people then saw them."""

from collections import deque
from datetime import datetime

from weizhi.cases.player import Played, Player
from weizhi.cases.reading import read
from weizhi.cases.stage import build
from weizhi.charters.periods import ZONE


class Telling:
    def __init__(self, name: str) -> None:
        reading = read(name)
        head = reading.case.case
        stage = build(reading, made="demo")
        self.player = Player(reading, stage, Played(head.name, head.title, head.charter, head.proves))
        self.left = deque(reading.order)

    def until(self, moment: str) -> datetime:
        """Tell on; time then passes until just that moment. A story that does not hold is not pictured."""
        stop = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        while self.left and self.player.begins(self.left[0].scene) <= stop:
            self.player.scene(self.left.popleft())
        self.player.advance(stop)
        assert not self.player.played.failures, "\n".join(map(str, self.player.played.failures))
        return stop
