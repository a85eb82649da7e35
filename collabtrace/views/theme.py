"""Colours and type of every drawing: readable on light and on dark, and told apart without seeing all colours.

The hues are those of Okabe and Ito's palette, darkened or lightened until each has a contrast of at least 4.5 to 1
with its ground (WCAG 2.2, 1.4.3). Colour is never alone: kinds also differ by their line, and labels name them.
"""

import re
from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "ink": "#1c2128",
    "muted": "#59636e",
    "rail": "#b4bcc6",
    "panel": "#f2f5f8",
    "sip": "#005f9e",
    "refused": "#8a3b12",
    "rtp": "#00704f",
    "rtcp": "#4d6a62",
    "bfcp": "#8b3d78",
    "dtmf": "#7a5500",
    "event": "#9a3a00",
    "fault": "#b4001e",
    "alarm": "#fdecee",
}
"""Colours on a light ground, by role; the names of arrow kinds are among the roles."""

DARK: Mapping[str, str] = {
    "ground": "#14181e",
    "ink": "#e6eaf0",
    "muted": "#a0aab6",
    "rail": "#4a545f",
    "panel": "#20262e",
    "sip": "#6cbcf2",
    "refused": "#f0a884",
    "rtp": "#45d0a3",
    "rtcp": "#9fc3b7",
    "bfcp": "#e2a0d0",
    "dtmf": "#e5c558",
    "event": "#ff9f66",
    "fault": "#ff8c93",
    "alarm": "#3a1d22",
}
"""The same roles on a dark ground."""

DASHES: Mapping[str, str] = {"rtcp": "1 4", "bfcp": "9 3 2 3", "dtmf": "2 2", "event": "3 5"}
"""How the lines of arrows are broken, by kind, in pixels; SIP answers are broken as ``ANSWER``."""

ANSWER = "6 4"

FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"


def _properties(colours: Mapping[str, str]) -> str:
    return "".join(f"--ct-{role}:{colour};" for role, colour in colours.items())


VARIABLES = (
    f".ct{{{_properties(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{.ct{{{_properties(DARK)}}}}}"
    f':root[data-theme="light"] .ct{{{_properties(LIGHT)}}}'
    f':root[data-theme="dark"] .ct{{{_properties(DARK)}}}'
    f'body[data-jp-theme-light="true"] .ct{{{_properties(LIGHT)}}}'
    f'body[data-jp-theme-light="false"] .ct{{{_properties(DARK)}}}'
    f"@media print{{:root .ct,:root[data-theme] .ct{{{_properties(LIGHT)}}}}}"
)
"""Custom properties for everything of class ``ct``: after the system, the theme of JupyterLab, or ``data-theme``
of the page."""

KINDS = ("sip", "rtp", "rtcp", "bfcp", "dtmf", "event")
"""The kinds of arrows."""

LINES: Mapping[str, str] = {
    **{kind: kind for kind in KINDS},
    "refused": "refused",
    "marked": "fault",
    "flowed": "ink",
    "unseen": "ink",
    "unagreed": "ink",
    "audio": "rtp",
    "video": "sip",
    "application": "bfcp",
    "other": "dtmf",
}
"""The role of the colour of lines in elements of a class; of several classes the later one counts."""

_LINED = "".join(f".ct .{name}{{--ct-line:var(--ct-{role})}}" for name, role in LINES.items())
_DASHED = "".join(f".ct .{kind} .line{{stroke-dasharray:{dash}}}" for kind, dash in DASHES.items())

DRAWING = (
    f".ct{{font:12px {FONT};fill:var(--ct-ink)}}"
    ".ct text{white-space:pre}"
    ".ct .ground{fill:var(--ct-ground)}"
    ".ct .rail{stroke:var(--ct-rail)}.ct .gap{stroke-dasharray:2 4}"
    ".ct .panel{fill:var(--ct-panel);stroke:var(--ct-rail)}"
    ".ct .muted{fill:var(--ct-muted);font-size:11px}"
    ".ct .strong{font-weight:600}"
    ".ct .title{font-size:14px;font-weight:600}"
    ".ct .mid{text-anchor:middle}"
    ".ct .end{text-anchor:end}"
    ".ct .halo{paint-order:stroke;stroke:var(--ct-ground);stroke-width:4px;stroke-linejoin:round}"
    f"{_LINED}"
    ".ct .line{stroke:var(--ct-line);stroke-width:1.5px;fill:none}"
    ".ct .head{fill:var(--ct-line)}"
    ".ct .label{fill:var(--ct-line)}"
    f".ct .answer .line{{stroke-dasharray:{ANSWER}}}"
    f"{_DASHED}"
    ".ct .unseen .line{stroke-dasharray:8 6}.ct .unseen .head{fill:var(--ct-ground);stroke:var(--ct-line)}"
    ".ct .unagreed .line{stroke-dasharray:2 4}"
    ".ct .way:focus-visible{outline:2px solid var(--ct-sip)}"
    ".ct .alarm{fill:var(--ct-alarm);stroke:var(--ct-fault)}"
    ".ct .warning{fill:var(--ct-fault)}"
    ".ct .hit{fill:transparent}"
    ".ct .row{cursor:pointer;outline:none}"
    ".ct .row:hover .hit,.ct .row:focus-visible .hit{fill:var(--ct-panel)}"
    ".ct .row:focus-visible .hit{stroke:var(--ct-sip);stroke-width:2px}"
)
"""The style of drawings, for the ``style`` of a page that holds some of them."""

STYLE = VARIABLES + DRAWING
"""Everything that a drawing by itself needs."""


def flat(colours: Mapping[str, str] = LIGHT) -> str:
    """The style of drawings without custom properties, for programs that do not know them (SVG 1.1, CSS 2)."""
    # Without paint-order a halo would cover its own text.
    plain = re.sub(r"[^{}]+\{(?:--ct-line|paint-order):[^{}]+\}", "", DRAWING)
    for name, role in LINES.items():
        colour, within = colours[role], f".ct .{name}"
        plain += f"{within} .line{{stroke:{colour}}}{within} .head,{within} .label{{fill:{colour}}}"
    plain += f".ct .unseen .head{{fill:{colours['ground']};stroke:{colours['ink']}}}"
    return re.sub(r"var\(--ct-([a-z]+)\)", lambda found: colours.get(found[1], colours["ink"]), plain)
