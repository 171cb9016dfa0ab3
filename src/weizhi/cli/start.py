"""``weizhi start``: a real community in a quarter of an hour: name, charter, census, posts, the first QR sheet.

Asks one thing after the other; what is given as an option is not asked. Stopped half-way and started again it goes
on where it was.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

POST = re.compile(r"(?P<key>[^=]+)=(?P<name>[^:：]+)(?:[:：](?P<phone>.+))?")


def register(sub: Any) -> None:
    start = sub.add_parser("start", help="Start a real community: name, charter, census, posts, first QR sheet")
    start.add_argument("--name", help="the community's name, such as 翠竹社区")
    start.add_argument("--slug", help="its short name in addresses, such as cuizhu; never changes")
    start.add_argument("--charter", metavar="NAME|FILE", help="a charter of the library, or a .toml file")
    start.add_argument("--census", type=Path, action="append", metavar="FILE", help="buildings, households, residents")
    start.add_argument(
        "--post", action="append", default=[], metavar="POST[@PLACE]=NAME[:PHONE]", help="who holds a post"
    )
    start.add_argument("--qr", type=Path, metavar="FILE", help="where to write the first QR sheet")
    start.add_argument("--no-questions", action="store_true", help="ask nothing; what is not given is left out")
    start.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.census.actions.start_community import CannotStart, refuse_demo
    from weizhi.site.health import faults_of_the_database

    if faults := faults_of_the_database():
        return _refuse(" ".join(faults))
    try:
        refuse_demo()
        return Wizard(arguments).go()
    except (CannotStart, EOFError) as error:
        return _refuse(str(error) or "回答没有说完。再运行一次 weizhi start，会接着办。")


class Wizard:
    """The five questions."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.given = arguments
        self.asks = not arguments.no_questions

    def go(self) -> int:
        from weizhi.census.actions.start_community import CannotStart, found

        print("建一个真的社区。一共五步，随时可以按 Ctrl-C 停下，再运行 weizhi start 会接着办。\n")
        name = self.given.name or self._ask("1. 社区叫什么名字？（例如 翠竹社区）：")
        slug = self.given.slug or self._ask("   网址里用的短名（小写字母、数字，以后不能改，例如 cuizhu）：")
        if not name or not slug:
            raise CannotStart("请用 --name 和 --slug 写明社区的名字和短名。")
        community = found(slug, name)
        print(f"   {community.name}（{community.slug}）在了。\n")
        charter = self._charter(community)
        self._census(community)
        self._posts(community, charter)
        self._signs(community)
        print("\n接下来：")
        print("  weizhi doctor      看看还缺什么（网址、邮件、短信、备份）")
        print("  weizhi serve       开门")
        return 0

    def _charter(self, community: Any) -> Any:
        from django.utils import timezone

        from weizhi.census.actions.start_community import CannotStart, adopt, has_charter
        from weizhi.charters.findings import CharterError
        from weizhi.charters.loading import library_names, load
        from weizhi.matters.pinned import charter_by_hash, hash_in_force
        from weizhi.matters.registry import specs

        if has_charter(community, timezone.now()):
            charter = charter_by_hash(hash_in_force(community.pk, timezone.now()))
            print(f"2. 章程已经采用：{charter.title}。\n")
            return charter
        while True:
            known = "、".join(library_names())
            wanted = self.given.charter or self._ask(f"2. 用哪份章程？（写名字或文件；有：{known}）[base]：") or "base"
            try:
                charter = load(wanted, specs=specs())
            except (CharterError, OSError) as error:
                if self.given.charter or not self.asks:
                    raise CannotStart(f"这份章程还不能用：\n{error}") from None
                print(f"这份章程还不能用：\n{error}")
                continue
            adopt(community, charter)
            print(f"   采用了{charter.title}。\n")
            return charter

    def _census(self, community: Any) -> None:
        from weizhi.census.reading import BadFile
        from weizhi.cli.census import bring_in

        files = self.given.census or []
        while True:
            if not files and (told := self._ask("3. 名册文件（.xlsx、.csv、.geojson；回车跳过，以后再导入）：")):
                files = [Path(told.strip("'\""))]
            if not files:
                print("   没有导入名册。模板：weizhi census template\n")
                return
            try:
                if bring_in(community, files, None, dry=False) == 0:
                    print()
                    return
            except (BadFile, OSError) as error:
                print(error, file=sys.stderr)
            if self.given.census:
                print("   名册没有导入。改好以后：weizhi census import\n")
                return
            files = []

    def _posts(self, community: Any, charter: Any) -> None:
        from django.utils import timezone

        from weizhi.census.actions.start_community import CannotStart, seats

        told, seated = _posts_given(self.given.post), []
        print("4. 谁来办事？（每个岗位写“名字 手机号”；还没有人就回车，以后可以补）")
        waiting = seats(community, charter, timezone.now())
        for key in told:
            if key not in {seat.key for seat in waiting}:
                raise CannotStart(f"没有“{key}”这个岗位。有：{'、'.join(seat.key for seat in waiting)}。")
        for seat in waiting:
            if seat.held_by:
                print(f"   {seat.title}（{seat.place.name}）：{'、'.join(seat.held_by)}")
                continue
            answer = told.get(seat.key) or _name_and_phone(self._ask(f"   {seat.title}（{seat.place.name}）："))
            if answer:
                seated.append(_give(seat, *answer))
        if seated:
            print("\n   第一次登录用（请抄下来交给本人，不会再显示；登录后请改密码）：")
            for one in seated:
                print(f"   {one.title} {one.name}：登录名 {one.login}，密码 {one.password}")
        print()

    def _signs(self, community: Any) -> None:
        from weizhi.census.signs import NoSigns, only_here, sheet, signs_of

        out = self.given.qr or (Path(f"qr-{community.slug}.pdf") if self.asks else None)
        if out is None:
            return
        try:
            signs = signs_of(community, ("building", "space"))
        except NoSigns as error:
            print(f"5. 还没有二维码：{error}")
            return
        out.write_bytes(sheet(community, signs))
        print(f"5. 二维码写在 {out}：{len(signs)} 张，打印出来贴在墙上。")
        if only_here():
            print("   里面的地址现在只有这台电脑打得开。请先设 WEIZHI_ADDRESS，再运行 weizhi community qr。")

    def _ask(self, words: str) -> str:
        return input(words).strip() if self.asks else ""


def _posts_given(told: list[str]) -> dict[str, tuple[str, str]]:
    from weizhi.census.actions.start_community import CannotStart

    found = {}
    for one in told:
        match = POST.fullmatch(one)
        if match is None:
            raise CannotStart(f"看不懂“{one}”。请写成 committee-director=王主任：13800001234。")
        found[match["key"].strip()] = (match["name"].strip(), _phone(match["phone"] or ""))
    return found


def _name_and_phone(answer: str) -> tuple[str, str] | None:
    """ "王主任 13800001234" → the two; None for nobody."""
    words = answer.split()
    if not words:
        return None
    return words[0], _phone("".join(words[1:]))


def _phone(text: str) -> str:
    from weizhi.census.actions.start_community import CannotStart
    from weizhi.census.values import Wrong, phone

    try:
        return phone(text) if text else ""
    except Wrong as wrong:
        raise CannotStart(f"“{text}”：{wrong}再运行一次 weizhi start，会接着办。") from None


def _give(seat: Any, name: str, phone: str) -> Any:
    from weizhi.census.actions.start_community import give

    return give(seat, name, phone)


def _refuse(words: str) -> int:
    print(f"weizhi start：{words}", file=sys.stderr)
    return 1
