"""What a single consultation decides about its form and its display, with the column's defaults. Pure."""

from dataclasses import dataclass

LONGEST_KEEPING = 3650
"""Days."""
SECOND_LOOK_PERCENT = 10
"""Of 100 rejections so many are looked at again, unless the consultation sets another share."""
FIXED_ONCE_BEGUN = frozenset({"asks_id_number", "asks_email", "takes_organisations"})
"""Who may write and what is asked of them is the same for everybody in one window, as the privacy notice told them.

Days of keeping may become fewer, never more.
"""


@dataclass(frozen=True)
class FormTerms:
    """What the comment form of a consultation asks and takes; the defaults are the column's.

    `takes_organisations`: 单位 and 行业协会 may comment as well as persons. `takes_sign_in`: a real name may be
    proved by the sign-in service of the installation instead of an ID number. `checks_answers`: everything is shown
    once more before it is sent. `keeps_days`: how long personal data is kept after the consultation's conclusion.
    """

    asks_id_number: bool = True
    asks_email: bool = True
    takes_organisations: bool = False
    takes_sign_in: bool = False
    takes_files: bool = False
    checks_answers: bool = True
    keeps_days: int = 365


@dataclass(frozen=True)
class DisplayTerms:
    """What the public sees of the comments on a consultation.

    `reviews_first` (先审后发): nothing is displayed before a person has looked at it. What may be seen `…_while_open`
    is seen by everybody once the window has ended.
    """

    shows_names: bool = True
    reviews_first: bool = False
    totals_while_open: bool = False
    feed_while_open: bool = False
    downloads_while_open: bool = False
    statistics_while_open: bool = False


@dataclass(frozen=True)
class ReplyTerms:
    """How senders hear what became of their suggestions; the defaults are the column's.

    `replies_together` (统一公开回复): one public reply, whose address they are told, instead of a message on their own
    suggestions. `texts_outcomes`: who left a telephone number and no e-mail address is told by a short message (SMS).
    """

    replies_together: bool = False
    texts_outcomes: bool = False
