"""Which colour and symbol a result, a severity or a state has; the words always stand beside them."""

_RESULTS = {
    "answered": "good",
    "ongoing": "plain",
    "redirected": "plain",
    "trying": "plain",
    "proceeding": "plain",
    "ringing": "plain",
    "queued": "plain",
    "being forwarded": "plain",
    "session progress": "plain",
    "answered elsewhere": "plain",
    "another fork answered": "plain",
    "busy": "warn",
    "cancelled": "warn",
    "declined": "warn",
    "no answer": "warn",
    "unavailable": "warn",
}
_SEVERITIES = {"critical": "bad", "major": "bad", "minor": "warn", "info": "plain"}
_STATES = {"agreed": "good", "rejected": "bad", "confirmed": "good", "terminated": "plain", "failed": "bad"}


def result_tone(result: str) -> str:
    """Of a call's result; what is not known to be better is a failure."""
    return _RESULTS.get(result, "bad")


def severity_tone(severity: str) -> str:
    """Of a finding."""
    return _SEVERITIES.get(severity, "plain")


def state_tone(state: str) -> str:
    """Of a dialog or a media line."""
    return _STATES.get(state, "plain")


def status_tone(status: int | None) -> str:
    """Of the final response to a request (RFC 3261 §7.2)."""
    if status is None:
        return "warn"
    # 401 and 407 ask for credentials: a step on the way, not the outcome.
    return "good" if status < 300 else "plain" if status in (401, 407) or status < 400 else "bad"
