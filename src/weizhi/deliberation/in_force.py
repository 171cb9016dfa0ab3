"""The conventions that are in force here: their editions, their articles, and an article as it is cited."""

from collections.abc import Sequence
from uuid import UUID

from weizhi.deliberation.models import Edition
from weizhi.deliberation.versions import body_of
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.methods.text.articles import Article, articles


def edition_in_force(community: UUID, convention: str) -> Edition | None:
    return Edition.objects.of(community, convention).in_force().first()


def words_of(edition: Edition) -> str:
    """The whole text; "" where it was erased. One query."""
    return body_of(edition.matter_id, edition.step, edition.version, closed=False)


def articles_now(community: UUID, convention: str) -> Sequence[Article]:
    """The articles in force. Two queries."""
    edition = edition_in_force(community, convention)
    return articles(words_of(edition)) if edition else ()


def cite_article(scene: Scene, convention: str, named: str) -> str:
    """The article as it reads today, with its edition: 第三条（第 2 版）：晚上十点以后……. Raises Refused."""
    edition = edition_in_force(scene.matter.community_id, convention)
    if edition is None:
        raise Refused("not-yet", "这份公约还没有施行，不能引用。")
    found = next((one for one in articles(words_of(edition)) if one.name == named), None)
    if found is None:
        raise Refused("bad-data", f"施行的《{edition.title}》里没有“{named}”。请从公约里选一条。")
    return f"{found.name}（第 {edition.n} 版）：{found.words}"
