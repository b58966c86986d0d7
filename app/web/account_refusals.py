"""Words for what can't be done with accounts, passwords and second factors."""

from app.web.i18n import N_

ACCOUNT_REFUSALS = {
    "password_length": N_("A password has 12 to 256 characters. A sentence of your own is easy to keep in mind."),
    "password_common": N_(
        "This password is easily guessed: it is made of common words, names, dates or neighbouring keys. "
        "Take a sentence that only you would write."
    ),
    "proof_due": N_("Please confirm who you are before this step."),
    "passwords_differ": N_("The two passwords are not the same."),
    "wrong_password": N_("The present password is wrong."),
    "signing_in_busy": N_("Many people are signing in just now. Please try again in a few seconds."),
    "username_taken": N_("This user name is taken."),
    "username_form": N_("A user name has 2 to 60 letters, digits, dots, hyphens or underscores."),
    "display_name_form": N_("A name has 1 to 60 characters."),
    "no_such_staff": N_("There is no such account."),
    "own_account": N_("This is your own account; another administrator has to do this."),
    "roles_must_be_separate": N_(
        "System administrator, security administrator and auditor are kept apart: "
        "an account has only one of them, and then no other role."
    ),
    "role_of_another_house": N_(
        "A department's own roles are for its own staff, and its staff hold no others. Make another account."
    ),
    "role_held_already": N_("The account has this role already."),
    "role_holds_everywhere": N_("This role can't be limited to a consultation or a department."),
    "no_such_role": N_("The account doesn't have this role."),
    "no_such_scope": N_("Choose a consultation or a department that exists."),
    "last_factor": N_("A second factor is required here; set up another one before you remove this one."),
    "no_such_factor": N_("There is no such second factor."),
    "no_such_passkey": N_("There is no such passkey."),
    "passkey_known": N_("This passkey belongs to an account already."),
    "passkeys_enough": N_("You have ten passkeys already. Remove one that you no longer use."),
    "passkey_name_form": N_("A passkey's name has 1 to 60 characters."),
    "passkey_not_made": N_("The passkey was not made. Please try again."),
    "no_such_session": N_("This session has ended already."),
    "frozen_already": N_("This account is frozen already."),
    "not_frozen": N_("This account isn't frozen."),
    "not_linked": N_("This account isn't linked to the provider."),
    "subject_form": N_("Enter the person's identifier at the provider, at most 255 characters."),
    "subject_linked_already": N_("This identifier is linked to another account already."),
}
