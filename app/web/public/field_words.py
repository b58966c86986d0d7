"""How to mend an entry: words for each problem of a field, in the reader's language."""

from app.submissions.problems import Problem, ProblemCode
from app.web.i18n import N_, gettext

C = ProblemCode
WORDS: dict[ProblemCode, str] = {
    C.TITLE_REQUIRED: N_("Enter a title for your comment"),
    C.TITLE_LENGTH: N_("The title may have at most %(limit)d characters; yours has %(given)d"),
    C.NAME_REQUIRED: N_("Enter your name"),
    C.NAME_LENGTH: N_("A name may have at most %(limit)d characters; you entered %(given)d"),
    C.NAME_NO_LETTERS: N_("Enter your name in characters or letters, as on your identity document"),
    C.NAME_CONTAINS_NUMBER: N_("Enter only your name here; telephone and ID number have their own fields"),
    C.ID_NUMBER_REQUIRED: N_("Enter your ID number"),
    C.ID_NUMBER_CHARACTERS: N_("An ID number has only digits, and perhaps X at the end; you entered “%(character)s”"),
    C.ID_NUMBER_LENGTH: N_("An ID number has %(expected)d characters; you entered %(given)d"),
    C.ID_NUMBER_OLD_FIFTEEN: N_(
        "15-digit ID numbers are no longer valid; enter the 18-digit number of your present card"
    ),
    C.ID_NUMBER_BIRTH_DATE: N_("The date of birth in the ID number (%(given)s) doesn't exist; check digits 7 to 14"),
    C.ID_NUMBER_BIRTH_IN_FUTURE: N_("The date of birth in the ID number (%(given)s) is in the future; check it"),
    C.ID_NUMBER_BIRTH_TOO_EARLY: N_("The date of birth in the ID number (%(given)s) is too long ago; check it"),
    C.ID_NUMBER_CHECK: N_("The last character of the ID number doesn't fit the others; check each digit"),
    C.OCCUPATION_REQUIRED: N_("Choose your occupation"),
    C.CHANNEL_REQUIRED: N_("Choose how it came"),
    C.DAY_REQUIRED: N_("Enter the day on which it arrived"),
    C.DAY_UNREAL: N_("“%(given)s” is no day of the calendar; write it as 2026-05-07"),
    C.DAY_TO_COME: N_("“%(given)s” has not come yet; enter the day on which it arrived"),
    C.REMARK_LENGTH: N_("The remark has %(given)d characters; %(limit)d are allowed"),
    C.OCCUPATION_UNKNOWN: N_("Choose an occupation from the list"),
    C.PHONE_REQUIRED: N_("Enter a telephone number"),
    C.PHONE_CHARACTERS: N_("A telephone number can't contain “%(character)s”"),
    C.PHONE_SEVERAL: N_("Enter only one telephone number"),
    C.PHONE_MOBILE_LENGTH: N_("A mobile number has %(expected)d digits; you entered %(given)d"),
    C.PHONE_AREA_CODE_MISSING: N_("Add the area code before the number, for example %(area_code)s-%(local)s"),
    C.PHONE_LANDLINE_LENGTH: N_(
        "After the area code %(area_code)s there should be 7 or 8 digits; you entered %(given)d"
    ),
    C.PHONE_SERVICE_NUMBER: N_("%(given)s is a service number; enter a number at which we can reach you"),
    C.PHONE_INVALID: N_("Enter a mobile number, or a landline number with its area code"),
    C.EMAIL_REQUIRED: N_("Enter an e-mail address"),
    C.EMAIL_LENGTH: N_("An e-mail address may have at most %(limit)d characters; yours has %(given)d"),
    C.EMAIL_NO_AT: N_("An e-mail address contains an @, for example name@example.com"),
    C.EMAIL_INVALID: N_("This is not a complete e-mail address; check it, for example name@example.com"),
    C.ORGANISATION_NAME_REQUIRED: N_("Enter the name of your organisation"),
    C.ORGANISATION_NAME_LENGTH: N_(
        "The name of an organisation may have at most %(limit)d characters; you entered %(given)d"
    ),
    C.ORGANISATION_NAME_NO_LETTERS: N_("Enter the name of your organisation in characters or letters"),
    C.ORGANISATION_TYPE_REQUIRED: N_("Choose what kind of organisation it is"),
    C.CREDIT_CODE_REQUIRED: N_("Enter the unified social credit code"),
    C.CREDIT_CODE_CHARACTERS: N_(
        "A unified social credit code has digits and capital letters other than I, O, S, V and Z; "
        "you entered “%(character)s”"
    ),
    C.CREDIT_CODE_LENGTH: N_("A unified social credit code has %(expected)d characters; you entered %(given)d"),
    C.CREDIT_CODE_CHECK: N_(
        "The last character of the unified social credit code doesn't fit the others; check each one"
    ),
    C.GUARDIAN_NEEDED: N_(
        "By the ID number you are under 14. Please have a parent or guardian fill in this part and agree"
    ),
    C.GUARDIAN_SAME_NAME: N_("Enter the name of the parent or guardian, not that of the child"),
    C.GUARDIAN_RELATION_REQUIRED: N_("Choose what the guardian is to the child"),
    C.GUARDIAN_CONSENT_REQUIRED: N_("The parent or guardian must tick this box to agree"),
    C.COMMENT_REQUIRED: N_("Write your comment"),
    C.COMMENT_LENGTH: N_("A comment may have at most %(limit)d characters; yours has %(given)d"),
    C.CONSENT_REQUIRED: N_("Tick the box to agree to the use of your data for this purpose"),
}
WORDS_OF_OTHERS: dict[tuple[str, ProblemCode], str] = {
    ("contact_name", C.NAME_REQUIRED): N_("Enter the name of the contact person"),
    ("contact_name", C.NAME_NO_LETTERS): N_("Enter the name of the contact person in characters or letters"),
    ("guardian_name", C.NAME_REQUIRED): N_("Enter the name of the parent or guardian"),
    ("guardian_name", C.NAME_NO_LETTERS): N_("Enter the name of the parent or guardian in characters or letters"),
    ("guardian_phone", C.PHONE_REQUIRED): N_("Enter the telephone number of the parent or guardian"),
}
"""Where a field's rule is that of another field, but the person isn't."""
CAPTCHA_WRONG = N_("The code was not right; here is a new one")
CAPTCHA_EXPIRED = N_("The verification had expired after 30 minutes; please do it once more")
CAPTCHA_UNPROVEN = N_("The automatic security check did not succeed; it begins anew, or enter the code")
CAPTCHA_REQUIRED = N_("Enter the digits of the picture or the recording")
CAPTCHA_USED = N_("The code had been used; here is a new one")
COMMENT_MISSING = WORDS[C.COMMENT_REQUIRED]
COMMENT_TOO_LONG = WORDS[C.COMMENT_LENGTH]
NOTHING_SAID = N_("Write your comment on the whole draft, or on at least one of the clauses you chose")
TOO_MUCH_SAID = N_("All your texts together may have at most %(limit)d characters; yours have %(given)d")
CLAUSE_TO_CHOOSE = N_("Choose the clause that you want to add")
CLAUSES_TOO_MANY = N_("At most %(limit)d clauses can be commented on at once; please send the others in another form")
CLAUSE_UNKNOWN = N_("The draft has no clause “%(label)s”; choose from the list")
TEXT_CHANGED = N_("The draft's text has changed since this form was made; look at the clauses and send it again")
LATE_CODE_WRONG = N_("This code doesn't open the form; check it, or ask whoever gave it to you")
LATE_CODE_TOO_OFTEN = N_("Too many wrong codes; wait ten minutes and try again")
LATE_CODE_GONE = N_("The late code has been used, has expired or was revoked; your comment was not stored")
FORM_RENEWED = N_("This page had grown too old or was not ours; check your entries and send them again")


def words(problem: Problem, field: str = "") -> str:
    """One sentence that says how to mend the entry of that field."""
    told = WORDS_OF_OTHERS.get((field, problem.code)) or WORDS[problem.code]
    return gettext(told) % dict(problem.params)
