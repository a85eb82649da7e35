"""Draw the pictures of README.md from a sample capture."""

from pathlib import Path

from collabtrace import samples
from collabtrace.sessions.case import read_case
from collabtrace.views import ladder, paths, saving

FOLDER = Path(__file__).parent
CAPTURE = "baresip-video-caller"


def pictures() -> dict[str, bytes]:
    """The files by name."""
    with read_case([samples.find(CAPTURE)]) as case:
        return {
            "ladder.svg": saving.LADDER.by_suffix[".svg"](ladder.plan(case, 1)),
            "paths.svg": saving.PATHS.by_suffix[".svg"](paths.plan(case, 1)),
        }


if __name__ == "__main__":
    for name, content in pictures().items():
        (FOLDER / name).write_bytes(content)
