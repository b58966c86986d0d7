"""A refusal in words, one line each, with the mend where there is one."""

from app.cli.directory_words import DIRECTORY
from app.kit.errors import DomainError

WORDS = {
    "username_taken": "there is a member of staff called {username} already",
    "no_such_staff": "there is no member of staff called {username}",
    "roles_must_be_separate": "administrator, security_administrator and auditor are held alone, one for each account",
    "role_of_another_house": "officer and office_head are for a department's own staff, who hold no other role",
    "role_held_already": "the account has this role there already",
    "role_holds_everywhere": "this role can't be limited",
    "no_such_role": "the account doesn't have this role there",
    "one_scope_only": "choose either --in or --of",
    "frozen_already": "the account is frozen already",
    "not_frozen": "the account isn't frozen",
    "username_form": "a user name has 2 to 60 letters, digits, dots, hyphens or underscores",
    "display_name_form": "a name has 1 to 60 characters",
    "disabled_already": "the account is disabled already",
    "password_length": "a password has {shortest} to {longest} characters",
    "no_such_department": "there is no department {department}; yanlu departments list shows their ids",
    "department_not_assignable": "{department} has ended or is a scope of many bodies, and no department by itself",
    **DIRECTORY,
    "client_name_taken": "there is an API client called {name} already",
    "no_such_client": "there is no API client called {name}",
    "client_revoked": "the client is revoked; add another one",
    "client_name_form": "a client's name has 1 to 100 characters",
    "no_such_key": "the client has no such key; yanlu clients list shows their ids",
    "key_revoked": "the key is revoked already",
    "no_such_key_scope": "there is no scope {scope}",
    "scope_needs_department": "the scope {scope} is for a client of a department",
    "scope_needs_channel": "the scope {scope} is for a client of a trusted channel",
    "no_such_consultation": "there is no consultation {slug}; yanlu consultations list shows them",
    "slug_taken": "there is a consultation {slug} already; choose another with --slug",
    "slug_form": "a slug has 1 to 80 small letters, digits and hyphens, and begins with a letter or digit: {slug}",
    "window_ends_before_it_begins": "the window ends before it begins ({opens} to {closes}); set --opens and --closes",
    "deadline_missing": "the page names no deadline that can be read; give one with --closes",
    "page_without_draft": "no draft with a title and clauses was found in {source}",
    "part_too_long": "the page's {part} is longer than {longest} characters; correct the file",
    "drafting_department_unknown": (
        "the page's issuing body ({body}) is not in the directory; name the drafting department with "
        "--drafting-department (its id or its name)"
    ),
    "invalid_transition": "that step isn't possible from where the consultation stands",
    "window_is_over": "the window has ended; what follows it is a second round",
    "closing_not_later": "the new closing time must be later than the present one",
    "reason_too_long": "a reason may have at most {limit} characters",
    "reason_required": "give a reason",
    "short_window_reason_required": (
        "the window has {given} of the {required} {unit} that the law asks; give the public reason with --reason"
    ),
    "override_reason_required": (
        "the window has {given} of the {required} {unit} that the law asks, and no reason shortens it; "
        "override the rule with --override REASON"
    ),
    "returned_to_preparer": "it went back to be corrected; it can be opened once it is handed over again",
    "calendar_line_unread": "line {line} can't be read; write a day, 休 or 班, what it is for, and the source",
    "calendar_empty": "no day was found; write one a line: 2027-01-01 休 元旦",
    "no_such_calendar_day": "nothing is entered for {day}",
    "rules_required": "the rules are empty",
    "changed_meanwhile": "somebody else changed the same record meanwhile; look again, and repeat",
    "not_concluded": "only a concluded consultation goes to the archive",
    "file_number_form": "a file number has 1 to 60 letters, digits, dots, hyphens or brackets, and no spaces",
    "no_such_export": "there is no such order",
    "exists_already": "somebody else made the same record meanwhile; look again",
}


def sentence(error: DomainError) -> str:
    words = WORDS.get(error.code)
    if words is None:
        return error.code.replace("_", " ")
    try:
        return words.format(**error.details)
    except KeyError:
        return error.code.replace("_", " ")
