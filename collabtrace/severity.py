"""How grave a fault is; apart from all else, as the command line names it before anything is read."""

import enum


class Severity(enum.StrEnum):
    """What a fault costs the people in the call, the gravest first."""

    CRITICAL = "critical"
    """The call or conference is dead."""
    MAJOR = "major"
    """A feature is dead: no content, no audio one way."""
    MINOR = "minor"
    """Degraded."""
    INFO = "info"
    """Worth knowing when reading the rest."""
