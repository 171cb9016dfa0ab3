from weizhi.matters.tests.conftest import committed_stage, stage

__all__ = ["committed_stage", "stage"]
