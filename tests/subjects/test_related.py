"""Rows that belong together are found without searching."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.related import Related


def test_every_stream_and_floor_with_a_line_is_grouped_under_it(video_call: Case) -> None:
    related = Related(video_call)
    streams = {row for rows in related.streams_of_line.values() for row in rows}
    assert streams == {row for row, line in enumerate(video_call.streams.values("media_row")) if line is not None}
    assert sum(map(len, related.floors_of_line.values())) == len(video_call.floors)


def test_every_call_id_leads_to_its_call(video_call: Case) -> None:
    assert set(Related(video_call).calls_of_id) == set(video_call.messages.values("call_id"))
