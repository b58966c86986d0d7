"""Why a file is not read. Every message is one line for the person who sent the file, and a msgid for translation."""

EMPTY = "The file is empty."
TOO_LARGE = "The file is larger than 20 MB."
NOT_A_FILE = "This is not a file that can be read."
PICTURE = "This is a picture, whatever its name says. Send the document's text as .docx, .txt or .html."
ARCHIVE = "This is an archive. Send the document that is inside."
NOT_A_DOCUMENT = "This is no text document. Save it as .docx, .pdf with text, .txt or .html."
NOT_WHAT_IT_SAYS = (
    "The file's content is not what its name says. Save it again as .docx, .pdf with text, .txt or .html."
)
ENCRYPTED = "The file is encrypted or protected by a password. Send it without protection."
MACROS = "The file contains macros. Save it as .docx without macros."
DAMAGED = "The file is damaged. Open it, save it again, and send that."
BOMB = "The file unpacks to far more than a document holds."
ENTITIES = "The file defines XML entities, which no document needs. Save it again as .docx."
NO_TEXT = "The file has no text."
SCANNED = (
    "The pages are pictures without text. Send the document that was printed or scanned, as .docx or .pdf with text."
)
UNREADABLE_FONTS = "The text can't be copied out of this PDF. Send the document as .docx."
TOO_MANY_PAGES = "The file has more than 2,000 pages."
TOO_MUCH_TEXT = "The file has more text than a document holds."
NO_CONVERTER = "This format can't be read here. Open it in Word or WPS, save it as .docx, and send that."
NOT_CONVERTED = "The file could not be converted. Open it in Word or WPS, save it as .docx, and send that."
TOOK_TOO_LONG = "Reading the file took too long. Save it as .txt or .docx and try again."
TOO_MUCH_MEMORY = "Reading the file took too much memory. Save it as .txt or .docx and try again."
ENCODING_UNKNOWN = "The file is neither UTF-8 nor GB18030 text."
BROKEN_TEXT = "The file's text is broken."
NOT_A_TEXT = "The file is not a text."
NO_TEXT_ON_PAGE = "The page holds no readable text."

CODES = {words: f"file_{name.lower()}" for name, words in tuple(globals().items()) if name.isupper()}
"""Message → stable code, by which an interface chooses its words."""


class UnreadableFileError(Exception):
    """A file that can't be read as a document; the message is one line for the person who sent it."""

    @property
    def code(self) -> str:
        """The refusal's stable code, `file_damaged` for a message of nobody here."""
        return CODES.get(str(self), CODES[DAMAGED])
