"""Words for files that are not read, by the codes of `app/documents/formats/refusals.py`, and for uploads as such."""

from app.web.i18n import N_

REFUSALS = {
    "file_empty": N_("The file is empty."),
    "file_too_large": N_("The file is larger than 20 MB."),
    "file_not_a_file": N_("This is not a file that can be read."),
    "file_picture": N_("This is a picture, whatever its name says. Send the document's text as .docx, .txt or .html."),
    "file_archive": N_("This is an archive. Send the document that is inside."),
    "file_not_a_document": N_("This is no text document. Save it as .docx, .pdf with text, .txt or .html."),
    "file_not_what_it_says": N_(
        "The file's content is not what its name says. Save it again as .docx, .pdf with text, .txt or .html."
    ),
    "file_encrypted": N_("The file is encrypted or protected by a password. Send it without protection."),
    "file_macros": N_("The file contains macros. Save it as .docx without macros."),
    "file_damaged": N_("The file is damaged. Open it, save it again, and send that."),
    "file_bomb": N_("The file unpacks to far more than a document holds."),
    "file_entities": N_("The file defines XML entities, which no document needs. Save it again as .docx."),
    "file_no_text": N_("The file has no text."),
    "file_scanned": N_(
        "The pages are pictures without text. "
        "Send the document that was printed or scanned, as .docx or .pdf with text."
    ),
    "file_unreadable_fonts": N_("The text can't be copied out of this PDF. Send the document as .docx."),
    "file_too_many_pages": N_("The file has more than 2,000 pages."),
    "file_too_much_text": N_("The file has more text than a document holds."),
    "file_no_converter": N_("This format can't be read here. Open it in Word or WPS, save it as .docx, and send that."),
    "file_not_converted": N_(
        "The file could not be converted. Open it in Word or WPS, save it as .docx, and send that."
    ),
    "file_took_too_long": N_("Reading the file took too long. Save it as .txt or .docx and try again."),
    "file_too_much_memory": N_("Reading the file took too much memory. Save it as .txt or .docx and try again."),
    "file_encoding_unknown": N_("The file is neither UTF-8 nor GB18030 text."),
    "file_broken_text": N_("The file's text is broken."),
    "file_not_a_text": N_("The file is not a text."),
    "file_no_text_on_page": N_("The page holds no readable text."),
    "upload_too_large": N_("The files together are too large. A file may have at most 20 MB."),
    "readings_busy": N_("Other files are being read just now. Please send yours again in a minute."),
    "draft_required": N_("Choose the file of the draft."),
}
"""Code → one line that says what is wrong and how to mend it."""
