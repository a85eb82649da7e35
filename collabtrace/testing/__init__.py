"""Captures made in code, for tests and for authors of rules.

``Scene`` says who says what, when; ``audio``, ``video``, ``slides`` and ``bfcp`` are the m-lines to say it with.
Single packets and files of any kind are built by ``wire``, ``carriers`` and ``files``.
"""

from collabtrace.testing.calls import Call
from collabtrace.testing.machines import Machine, Nat
from collabtrace.testing.media import Quality
from collabtrace.testing.scene import Scene
from collabtrace.testing.sdp_text import Codec, Line, audio, bfcp, slides, video

__all__ = ["Call", "Codec", "Line", "Machine", "Nat", "Quality", "Scene", "audio", "bfcp", "slides", "video"]
