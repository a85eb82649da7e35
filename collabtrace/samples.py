"""Where the sample captures are: inside an installed package, or beside it in a checkout."""

from pathlib import Path

PLACES = (Path(__file__).parent / "sample_captures", Path(__file__).parent.parent / "sample_captures")
SUFFIXES = (".pcapng", ".pcap")


def names() -> list[str]:
    """The names of the sample captures, as ``ct.example`` takes them."""
    found = {path.stem for place in PLACES if place.is_dir() for path in place.iterdir() if path.suffix in SUFFIXES}
    return sorted(name.replace("_", "-") for name in found)


def files() -> list[Path]:
    """Every sample capture, by name."""
    return [find(name) for name in names()]


def find(name: str) -> Path:
    """The file of the sample capture *name*, hyphens and underscores alike; a KeyError lists what there is."""
    for place in PLACES:
        for suffix in SUFFIXES:
            path = place / (name.replace("-", "_") + suffix)
            if path.is_file():
                return path
    raise KeyError(f"there is no sample capture {name!r}; there are: {', '.join(names()) or 'none'}")
