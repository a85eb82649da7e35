"""Work on many cases spread over the workers of a Dask cluster, which see the same files.

The scheduler gives the case of a worker that died to another one, and gives up after as many as it is set to allow
(``distributed.scheduler.allowed-failures``). Its own futures tell of that; joblib's backend for Dask waits for ever.
A case that was given up is then tried by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import Record

if TYPE_CHECKING:
    from distributed import Client


def spread(
    cases: Sequence[CaseFiles], work: Callable[[CaseFiles], Record], address: str
) -> Iterator[tuple[CaseFiles, Record | None]]:
    """Each case with what *work* gives for it, as they are done; None for one that killed its workers.

    A ConnectionError names the scheduler at *address* where none answers.
    """
    from distributed import KilledWorker, as_completed

    blamed = []
    with _client(address) as client:
        given = {client.submit(work, each, key=f"collabtrace-{each.name}", pure=False): each for each in cases}
        for future in as_completed(given):  # type: ignore[no-untyped-call]
            try:
                yield given[future], future.result()
            except KilledWorker:
                # With it the scheduler blames all that waited for the same worker.
                blamed.append(given[future])
        for each in blamed:
            try:
                yield each, client.submit(work, each, key=f"collabtrace-{each.name}-alone", pure=False).result()
            except KilledWorker:
                yield each, None


def _client(address: str) -> "Client":
    from distributed import Client

    try:
        return Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise ConnectionError(f"{address}: no Dask scheduler answers ({error})") from error
