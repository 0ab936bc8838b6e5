"""Work in a process apart: its limits hold, and after each of them the next request is served."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from firsthand.apart import Apart, ApartError
from firsthand.model.errors import NotAnArticle


def work(request: str) -> object:
    """What the child of these tests can be asked for."""
    match request:
        case "sleep":
            time.sleep(60)
        case "die":
            os._exit(1)
        case "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
            return "went on"
        case str() if request.startswith("terminate "):
            mark = Path(request.removeprefix("terminate "))
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGTERM)
        case "eat":
            return len(bytearray(4 * 1024**3))
        case "refuse":
            raise NotAnArticle("There is nothing here.", "Look elsewhere.")
        case "fault":
            raise ZeroDivisionError
        case "pid":
            return os.getpid()
    return request.upper()


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart("test_apart:work", "The work", limit=timedelta(seconds=8), memory=2 * 1024**3)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("die", "broke its process"),
        ("eat", "more memory"),
        ("fault", r"failed \(ZeroDivisionError\)"),
    ],
)
def test_what_breaks_is_told_and_the_next_request_is_served(apart: Apart, request_: str, told: str) -> None:
    with pytest.raises(ApartError, match=told):
        apart(request_)
    assert apart("next") == "NEXT"


def test_what_is_slow_is_stopped() -> None:
    apart = Apart("test_apart:work", "The work", limit=timedelta(seconds=2), memory=2 * 1024**3)
    apart("next")
    child = apart("pid")
    with pytest.raises(ApartError, match="took longer than 2 seconds"):
        apart("sleep")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert apart("pid") != child
    apart.close()


def test_an_error_in_our_words_comes_as_it_is(apart: Apart) -> None:
    with pytest.raises(NotAnArticle, match="nothing here") as caught:
        apart("refuse")
    assert caught.value.remedy == "Look elsewhere."


def test_what_is_asked_of_us_by_signal_is_not_the_work_s_fault(apart: Apart, tmp_path: Path) -> None:
    assert apart("interrupt") == "went on"  # Ctrl+C reaches every process of a terminal
    mark = tmp_path / "terminated"
    assert apart(f"terminate {mark}") == f"TERMINATE {mark}".upper()  # done again, by another process
    assert mark.exists()


def test_to_close_waits_for_no_request() -> None:
    apart = Apart("test_apart:work", "The work", limit=timedelta(hours=1), memory=2 * 1024**3)
    child = apart("pid")
    ended: list[str] = []

    def ask() -> None:
        try:
            apart("sleep")
        except ApartError as error:
            ended.append(error.message)

    busy = threading.Thread(target=ask)
    busy.start()
    while apart._served < 2:
        time.sleep(0.01)
    apart.close()
    busy.join()
    assert ended == ["The work broke its process, which is started anew."]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
