import subprocess
import sys
from pathlib import Path

import pytest

from fakebackend.proxy import last_word

PROGRAM = """
import atexit
from fakebackend.proxy.last_word import say_last, take_back
say_last("one")
say_last("two")
{}
print("the end")
"""


@pytest.mark.parametrize(
    ("then", "said"),
    [pytest.param("", "two\n", id="said"), pytest.param("take_back()", "", id="taken-back")],
)
def test_the_last_word_is_said_at_the_very_end(then: str, said: str) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(then)], capture_output=True, text=True, check=True, cwd=root
    )
    assert (done.stdout, done.stderr) == ("the end\n", said)


def test_nothing_is_left_of_it_once_it_is_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    last_word.say_last("wrong")
    last_word._say()
    last_word.take_back()
    last_word._say()
    assert capsys.readouterr().err == "wrong\n"
