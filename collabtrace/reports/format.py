"""How the report writes numbers and times, so that every section writes them alike.

Missing values are an en dash. Times are UTC and say so once per table, in the heading of the column.
"""

from collabtrace.views import wording
from collabtrace.views.masking import mask_uri

MISSING = "–"

DAY = 86_400
MANY_DAYS = 2 * DAY
"""Seconds from which on hours say too little."""


def moment(time: float | None) -> str:
    """``2026-01-05 10:00:00.123 UTC`` from seconds since the epoch."""
    return MISSING if time is None else wording.moment(time)


def clock(time: float | None) -> str:
    """``10:00:00.123``: the time of day in UTC."""
    if time is None:
        return MISSING
    # Microseconds are cut, not rounded, as Wireshark and the ladder do.
    minutes, milliseconds = divmod(round(time * 1_000_000) // 1000, 60_000)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def since(time: float | None, start: float) -> str:
    """``+1.234``: seconds from *start*."""
    return MISSING if time is None else f"{time - start:+.3f}"


def duration(seconds: float | None) -> str:
    """``0.250 s``, ``12.3 s``, ``3 min 5 s``, ``1 h 2 min`` or ``40 days``."""
    if seconds is None:
        return MISSING
    return wording.counted(round(seconds / DAY), "day") if seconds >= MANY_DAYS else wording.duration(seconds)


def span(start: float | None, end: float | None) -> str:
    """The duration between two times; a dash where one of them is missing."""
    return MISSING if start is None or end is None else duration(end - start)


def milliseconds(value: float | None) -> str:
    """``12.3 ms``."""
    return MISSING if value is None else f"{value:,.1f} ms"


def percent(part: float | None, whole: float = 1.0) -> str:
    """``0.12 %`` of *whole*; any loss at all is more than ``0 %``."""
    if part is None or whole <= 0:
        return MISSING
    share = 100 * part / whole
    if share == 0 or share >= 10:
        return f"{share:.0f} %"
    return f"{share:.2f} %" if share >= 0.01 else "< 0.01 %"


def number(value: int | None) -> str:
    """``12,345``."""
    return MISSING if value is None else f"{value:,}"


def size(length: int) -> str:
    """``812 bytes``, ``1.3 MB``: powers of ten, as capture tools write them."""
    for limit, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if length >= limit:
            return f"{length / limit:.1f} {unit}"
    return wording.counted(length, "byte")


def endpoint(address: str | None, port: int | None) -> str:
    """``192.0.2.1:5060`` or ``[2001:db8::1]:5060``."""
    return MISSING if address is None else wording.endpoint(address, port)


def identity(uri: str | None) -> str:
    """Who a SIP URI means, as people read it: ``alice@example.com``, without scheme, parameters and password."""
    if uri is None:
        return MISSING
    return mask_uri(uri).removeprefix("sip:").partition(";")[0].partition("?")[0]


def words(values: object) -> str:
    """The text of a value that may be missing or several."""
    if isinstance(values, tuple | list):
        return ", ".join(str(value) for value in values) or MISSING
    return MISSING if values is None or values == "" else str(values)
