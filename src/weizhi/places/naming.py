"""What slugs and codes may look like: they become paths, and paths stand in keys of access and in branches."""

import re

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
# `/` parts a path, `@` a key, `|` a branch; `*` and `-` alone mean everybody and nobody in a matter's audience.
CODE = re.compile(r"[^\s/@|*]{1,40}")


def check_slug(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise ValueError(f"“{slug}”不能作社区的短名。请用小写字母、数字和中间的短横，例如 xingfuli。")
    return slug


def check_code(code: str) -> str:
    if not CODE.fullmatch(code) or code == "-":
        raise ValueError(f"“{code}”不能作地点的编号。请不要用空格和 / @ | *，最多 40 个字。")
    return code
