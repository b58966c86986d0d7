"""Why a person looks at a submission before it counts. None of these refuses anybody."""

from enum import StrEnum


class Doubt(StrEnum):
    """FAILED: the captcha wasn't solved, and its sender chose to wait for a person. NO_SCRIPT_RATE: the door without a
    script was full. TOO_FAST: sent within seconds of the form's first showing. HONEYPOT: a field that nobody sees was
    filled in. BROKEN: a part of the captcha itself failed.
    """

    FAILED = "captcha_failed"
    NO_SCRIPT_RATE = "no_script_rate"
    TOO_FAST = "too_fast"
    HONEYPOT = "honeypot"
    BROKEN = "captcha_broken"
