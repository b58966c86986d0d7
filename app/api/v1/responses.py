"""Which problems a route can answer with, for the description of the API."""

from typing import Any

from app.api.problems import PROBLEMS
from app.api.repeating import REPLAYED
from app.api.token_problems import OAUTH_ERRORS

MEDIA_TYPE = "application/problem+json"
Responses = dict[int | str, dict[str, Any]]


def _example(code: str) -> dict[str, Any]:
    kind = PROBLEMS[code]
    value = {
        "type": f"/api/v1/openapi.json#/x-problems/{code}",
        "title": kind.title.en,
        "status": kind.status,
        "detail": kind.detail.en,
        "code": code,
        "request_id": "4f1c2d9e8a7b6c5d",
    }
    return {"summary": kind.title.en, "value": value}


def _problems(*codes: str) -> Responses:
    """Status → its response, with an example of each code; anything else that may happen under `default`."""
    schema = {"$ref": "#/components/schemas/Problem"}
    found: Responses = {}
    for code in codes:
        kind = PROBLEMS[code]
        response = found.setdefault(
            kind.status,
            {"description": kind.title.en, "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}},
        )
        response["content"][MEDIA_TYPE]["examples"][code] = _example(code)
    for status, header in (
        (401, ("WWW-Authenticate", "Which credentials are asked for (RFC 6750).")),
        (429, ("Retry-After", "After how many seconds to go on.")),
        (503, ("Retry-After", "After how many seconds to repeat the request.")),
    ):
        found[status]["headers"] = {header[0]: {"description": header[1], "schema": {"type": "string"}}}
    found["default"] = {
        "description": "Any other problem",
        "content": {MEDIA_TYPE: {"schema": schema, "examples": {"internal_error": _example("internal_error")}}},
    }
    return found


def _token_errors(status: int) -> dict[str, Any]:
    """Answered as RFC 6749 §5.2 has it, and not as problem documents."""
    examples = {
        code: {"summary": kind.title.en, "value": {"error": code, "error_description": kind.detail.en}}
        for code, kind in OAUTH_ERRORS.items()
        if kind.status == status
    }
    return {"description": "No token (RFC 6749 §5.2)", "content": {"application/json": {"examples": examples}}}


_ALWAYS = ("missing_key", "wrong_key", "wrong_token", "forbidden", "too_many_requests", "unavailable")

READ = _problems(*_ALWAYS, "repeated_parameter")
READ_ONE = _problems(*_ALWAYS, "repeated_parameter", "no_such_assignment", "invalid_fields")
READ_ONE[200] = {"headers": {"ETag": {"description": "The version, for `If-Match`.", "schema": {"type": "string"}}}}
READ_ONE[304] = {"description": "Nothing changed since the version that `If-None-Match` names"}
READ_LIST = _problems(*_ALWAYS, "repeated_parameter", "bad_cursor", "invalid_fields", "no_such_consultation")
READ_SOURCES = _problems(*_ALWAYS, "repeated_parameter", "bad_cursor", "invalid_fields", "no_such_assignment")
READ_CONSULTATION = _problems(*_ALWAYS, "repeated_parameter", "consultation_not_found", "no_such_version")
READ_REPORT = _problems(*_ALWAYS, "repeated_parameter", "invalid_fields", "consultation_not_found", "no_such_report")
READ_REPORT[200] = {"headers": {"ETag": {"description": "For `If-None-Match`.", "schema": {"type": "string"}}}}
READ_REPORT[304] = READ_ONE[304]
READ_COMMENTS = _problems(*_ALWAYS, "repeated_parameter", "bad_cursor", "invalid_fields", "consultation_not_found")
_STEP = (
    *_ALWAYS,
    "malformed_json",
    "bad_encoding",
    "duplicate_name",
    "repeated_parameter",
    "no_such_assignment",
    "changed_meanwhile",
    "version_mismatch",
    "precondition_failed",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "idempotency_key_reused",
    "request_in_flight",
    "idempotency_keys_differ",
)
WRITE = _problems(
    *_ALWAYS,
    "malformed_json",
    "bad_encoding",
    "duplicate_name",
    "repeated_parameter",
    "no_such_assignment",
    "invalid_transition",
    "decided_already",
    "changed_meanwhile",
    "version_mismatch",
    "not_open",
    "had_it_before",
    "has_it_already",
    "passed_on_too_often",
    "precondition_failed",
    "suggests_itself",
    "confirmation_in_future",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "reason_required",
    "approval_required",
    "no_such_department",
    "no_such_scan",
    "idempotency_key_reused",
    "request_in_flight",
    "idempotency_keys_differ",
)
WRITE_SANDBOX = _problems(
    *_ALWAYS,
    "sandbox_only",
    "malformed_json",
    "repeated_parameter",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "clock_out_of_bounds",
)
SEND_IN = _problems(
    *_ALWAYS,
    "malformed_json",
    "bad_encoding",
    "duplicate_name",
    "repeated_parameter",
    "external_id_reused",
    "not_taken",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "no_such_consultation",
    "no_such_clause",
    "received_at_out_of_bounds",
)
WRITE[200] = {
    "headers": {
        REPLAYED: {
            "description": "`true` when this is the answer to an earlier, equal request under the same key.",
            "schema": {"type": "string", "enum": ["true"]},
        },
        "ETag": {"description": "The version, for `If-Match`.", "schema": {"type": "string"}},
    }
}
READ_EVENTS = _problems(*_ALWAYS, "repeated_parameter", "invalid_fields", "no_such_position", "position_forgotten")
READ_WEBHOOK = _problems(*_ALWAYS, "repeated_parameter", "no_such_webhook")
READ_WEBHOOK_LOG = _problems(*_ALWAYS, "repeated_parameter", "no_such_webhook", "bad_cursor", "invalid_fields")
WRITE_WEBHOOK = _problems(
    *_ALWAYS,
    "malformed_json",
    "bad_encoding",
    "duplicate_name",
    "repeated_parameter",
    "no_such_webhook",
    "no_such_delivery",
    "invalid_transition",
    "changed_meanwhile",
    "version_mismatch",
    "precondition_failed",
    "webhook_disabled",
    "disabled_by_staff",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "webhook_url_refused",
    "no_such_event_kind",
    "contact_refused",
    "too_many_webhooks",
    "idempotency_key_reused",
    "request_in_flight",
    "idempotency_keys_differ",
)
WRITE_WEBHOOK[200] = WRITE[200]

READ_FILES = _problems(*_ALWAYS, "repeated_parameter", "no_such_assignment")
READ_PAGED_FILES = READ_SOURCES
READ_FILE = _problems(
    *_ALWAYS,
    "repeated_parameter",
    "no_such_assignment",
    "no_such_file",
    "file_not_scanned",
    "file_infected",
    "file_lost",
)
READ_FILE[200] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
ADD_FILE = _problems(
    *_ALWAYS,
    "malformed_form",
    "repeated_parameter",
    "no_such_assignment",
    "not_open",
    "version_mismatch",
    "precondition_failed",
    "too_large",
    "unsupported_file_type",
    "invalid_fields",
    "file_name_required",
    "too_many_files",
    *(code for code in PROBLEMS if code.startswith("upload_")),
    "idempotency_key_reused",
    "request_in_flight",
    "idempotency_keys_differ",
)
WRITE_FILE = _problems(
    *_ALWAYS,
    "malformed_json",
    "repeated_parameter",
    "no_such_assignment",
    "no_such_file",
    "not_open",
    "file_answered_with",
    "version_mismatch",
    "precondition_failed",
    "too_large",
    "unsupported_media_type",
    "invalid_fields",
    "idempotency_key_reused",
    "request_in_flight",
    "idempotency_keys_differ",
)
REPEATED = {"headers": {REPLAYED: WRITE[200]["headers"][REPLAYED]}}
ADD_FILE[200] = WRITE_FILE[200] = REPEATED
ASK = _problems(*_STEP, "not_open", "question_open", "nobody_to_ask", "question_required")
ASK_COOPERATION = _problems(
    *_STEP,
    "not_open",
    "only_the_lead",
    "had_it_before",
    "has_it_already",
    "too_many_cooperating",
    "no_such_department",
    "reason_required",
    "suggests_itself",
)
ASK[200] = ASK_COOPERATION[200] = WRITE[200]
ISSUE_TOKEN = _problems("wrong_key", "keys_frozen", "too_many_requests", "unavailable")
_CHALLENGE = {"description": "Which credentials are asked for (RFC 7617).", "schema": {"type": "string"}}
ISSUE_TOKEN |= {400: _token_errors(400), 401: {**_token_errors(401), "headers": {"WWW-Authenticate": _CHALLENGE}}}
