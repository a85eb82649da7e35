"""Names of the differentiated services code points (RFC 2474, RFC 2597, RFC 3246, RFC 5865)."""

EF, VOICE_ADMIT = 46, 44
"""Expedited forwarding, and the same for admitted calls."""
LOWEST_CLASS = 8
"""Below CS1 a packet is best effort, whatever bits of the old type of service it has (RFC 1349, RFC 2474 §4.2.2)."""


def name(dscp: int) -> str:
    """``EF (46)``, ``AF41 (34)``, ``CS3 (24)``, or the number alone."""
    known = {EF: "EF", VOICE_ADMIT: "VOICE-ADMIT", 0: "default"}
    if dscp in known:
        return f"{known[dscp]} ({dscp})"
    group, drop = divmod(dscp, 8)
    if not drop:
        return f"CS{group} ({dscp})"
    if 1 <= group <= 4 and drop in (2, 4, 6):
        return f"AF{group}{drop // 2} ({dscp})"
    return str(dscp)
