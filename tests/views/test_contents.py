"""Which rows belong to which call."""

import gc
import weakref
from types import SimpleNamespace
from typing import cast

import pytest

from collabtrace.schema import Digit
from collabtrace.views.contents import Case, contents_of
from tests.views.cases import ALICE, BOB, blank, call, case, dialog, message, path, simple_call, simple_case, stream


class Living(SimpleNamespace):
    """A case that can be a key, as a real one can."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_messages_of_several_legs_are_there_once() -> None:
    made = case(simple_call(), dialogs=[dialog((0, 1, 2)), dialog((0, 1, 3))], calls=[call(dialog_rows=(0, 1))])
    assert contents_of(made).message_rows(1) == [0, 1, 2, 3]


def test_messages_of_no_leg_are_outside() -> None:
    options = message(50, 3.0, ALICE, BOB, "OPTIONS", call_id="other@example.com")
    made = case([*simple_call(), options], dialogs=[dialog(range(6))], calls=[call()])
    assert contents_of(made).messages_outside == [6]


def test_a_stream_belongs_to_the_call_of_its_sdp_or_of_its_path() -> None:
    streams = [stream(5, 1, ALICE, BOB), stream(6, 1, BOB, ALICE, call_id=None), stream(7, 1, BOB, ALICE, call_id=None)]
    made = simple_case(streams=streams, paths=[path(BOB, ALICE, stream_rows=(1,))])
    assert contents_of(made).streams_of == {1: [0, 1], None: [2]}


def test_keys_belong_to_their_call() -> None:
    keys = [blank(Digit, call_id="one@example.com"), blank(Digit)]
    assert contents_of(simple_case(digits=keys)).digits_of == {1: [0], None: [1]}


def test_a_call_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        contents_of(simple_case()).call(9)


def test_contents_are_made_once_for_a_case_and_forgotten_with_it() -> None:
    living = Living(**vars(simple_case()))
    known = contents_of(cast("Case", living))
    assert contents_of(cast("Case", living)) is known

    forgotten = weakref.ref(known)
    del living, known
    gc.collect()
    assert forgotten() is None
