"""The cast's community, for the reports' tests too."""

from weizhi.matters.tests.conftest import committed_stage, stage

__all__ = ["committed_stage", "stage"]
