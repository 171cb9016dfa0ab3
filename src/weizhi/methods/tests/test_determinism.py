"""The same input gives the same output: twice in a process, and in processes that hash names differently."""

import json
import os
import subprocess
import sys

import pytest

from weizhi.methods.tests.same_again import METHODS

UNLIKE = ({"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"}, {"PYTHONHASHSEED": "2", "TZ": "America/Lima"})


@pytest.fixture(scope="module")
def told():
    program = [sys.executable, "-m", "weizhi.methods.tests.same_again"]
    running = [
        subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env={**os.environ, **one}) for one in UNLIKE
    ]
    answers = [json.loads(one.communicate()[0]) for one in running]
    assert [one.returncode for one in running] == [0, 0]
    return answers


@pytest.mark.parametrize("method", METHODS)
def test_the_same_comes_out_twice_and_in_two_processes(told, method):
    first, second = (answer[method] for answer in told)
    assert len(first[0]) > 100, "it must have told something"
    assert first[0] == first[1] == second[0] == second[1]


def test_the_processes_did_hash_differently():
    """Else the test above could not fail for the reason it is there for."""
    program = "print(list({'林姨', '小周', '王主任', '陈经理', '赵律师', '郭先生'}))"
    orders = {subprocess.check_output([sys.executable, "-c", program], env={**os.environ, **one}) for one in UNLIKE}
    assert len(orders) == 2
