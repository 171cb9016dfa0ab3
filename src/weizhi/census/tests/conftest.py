"""The cast of the matters' tests."""

from weizhi.matters.tests.conftest import stage

__all__ = ["stage"]
