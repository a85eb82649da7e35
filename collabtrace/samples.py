"""Where the sample captures are: inside an installed package, or beside it in a checkout."""

from pathlib import Path

PLACES = (Path(__file__).parent / "sample_captures", Path(__file__).parent.parent / "sample_captures")
SUFFIXES = (".pcapng", ".pcap")
POINTS = ("caller", "callee", "client", "server", "inside", "outside", "cucm", "phone")
"""What the name of a capture ends with where one case was recorded at several places."""


def names() -> list[str]:
    """The names of the sample captures, as ``ct.example`` takes them."""
    stems = set(_files())
    cases = {stem.rpartition("_")[0] for stem in stems if stem.rpartition("_")[2] in POINTS}
    return sorted(name.replace("_", "-") for name in stems | cases)


def files() -> list[Path]:
    """Every sample capture, by name."""
    return [path for _, path in sorted(_files().items())]


def find(name: str) -> Path:
    """The file of the sample capture *name*, hyphens and underscores alike; a KeyError lists what there is."""
    try:
        return _files()[name.replace("-", "_")]
    except KeyError:
        raise KeyError(f"there is no sample capture {name!r}; there are: {', '.join(names()) or 'none'}") from None


def case(name: str) -> list[Path]:
    """The file *name*, or else the files of all places at which the case *name* was recorded; a KeyError as above."""
    files = _files()
    stem = name.replace("-", "_")
    places = [stem] if stem in files else [f"{stem}_{point}" for point in POINTS]
    return [files[place] for place in places if place in files] or [find(name)]


def _files() -> dict[str, Path]:
    """All files by stem; what the package holds goes before what the checkout holds."""
    folders = [place for place in reversed(PLACES) if place.is_dir()]
    return {path.stem: path for place in folders for path in place.iterdir() if path.suffix in SUFFIXES}
