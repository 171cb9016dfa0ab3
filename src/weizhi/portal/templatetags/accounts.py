"""What the pages of signing in ask of the house."""

from django import template

from weizhi.portal.accounts import chooser

register = template.Library()


@register.simple_tag
def demo_is_open() -> bool:
    return chooser.is_open()
