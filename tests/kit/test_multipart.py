"""A form with files is read as it was sent, or refused; whatever the pieces it arrives in."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.forms import BadForm, Form
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody, UploadedFile, label_of

TYPE = "multipart/form-data; boundary=frontier"
BOUNDS = Bounds(file_bytes=1000, field_bytes=300, parts=5)
NAMES = st.text("abcdefgh", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
CONTENTS = st.binary(max_size=60) | st.sampled_from([b"\r\n--frontie", b"--frontier", b"\r\n", b"\r\n--\r\n", b"\r"])


def part(name: str, content: bytes, file_name: str | None = None, more: str = "") -> bytes:
    file = "" if file_name is None else f'; filename="{file_name}"\r\nContent-Type: application/octet-stream'
    return (
        f'--frontier\r\nContent-Disposition: form-data; name="{name}"{file}{more}\r\n\r\n'.encode() + content + b"\r\n"
    )


def read(
    body: bytes, cuts: Sequence[int] = (), bounds: Bounds = BOUNDS, content_type: str = TYPE
) -> tuple[Form, dict[str, UploadedFile]]:
    reading = MultipartBody(content_type, bounds)
    start = 0
    for cut in [*sorted(cuts), len(body)]:
        reading.feed(body[start : max(start, cut)])
        start = max(start, cut)
    form, files = reading.finish()
    return form, dict(files)


END = b"--frontier--\r\n"


@given(
    st.dictionaries(NAMES, TEXTS, max_size=2),
    st.dictionaries(NAMES.map(str.upper), CONTENTS, max_size=2),
    st.lists(st.integers(0, 900), max_size=6),
)
def test_what_was_sent_is_read_whatever_the_pieces(
    texts: dict[str, str], files: dict[str, bytes], cuts: list[int]
) -> None:
    body = b"".join(
        [
            *(part(name, text.encode()) for name, text in texts.items()),
            *(part(name, content, f"{name}.docx") for name, content in files.items()),
            END,
        ]
    )
    form, found = read(body, cuts)
    assert dict(form) == texts
    assert {name: file.content for name, file in found.items()} == files
    assert {file.name for file in found.values()} == {f"{name}.docx" for name in files}


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=3))
def test_any_bytes_are_read_or_refused(noise: bytes, cuts: list[int]) -> None:
    for body in (noise, part("a", b"x")[:-2] + noise + END, b"--frontier\r\n" + noise + b"\r\n\r\n" + END):
        try:
            form, files = read(body, cuts)
        except (BadForm, BodyTooLarge):
            continue
        assert len(form) + len(files) <= BOUNDS.parts


@given(st.integers(0, 1), st.data())
def test_a_body_that_ends_in_the_middle_is_refused(kind: int, data: st.DataObject) -> None:
    body = part("note", "言路".encode()) + part("draft", b"content", "a.txt" if kind else "") + END
    with pytest.raises(BadForm):
        read(body[: data.draw(st.integers(0, len(body) - 5))])


def test_a_file_field_that_was_left_empty_is_left_out_and_an_empty_file_is_not() -> None:
    _, files = read(part("draft", b"", "") + part("notice", b"", "empty.txt") + END)
    assert files == {"notice": UploadedFile("empty.txt", b"")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (part("draft", b"1", "a.txt") + part("draft", b"2", "b.txt") + END, "repeated_field"),
        (part("draft", b"", "") + part("draft", b"2", "b.txt") + END, "repeated_field"),
        (part("note", b"1") + part("note", b"2") + END, "repeated_field"),
        (part("note", b"1") + part("note", b"2", "a.txt") + END, "repeated_field"),
        (part("note", "意见".encode("gb18030")) + END, "not_utf8"),
        (part("note", b"a\x00b") + END, "null_character"),
        (part("a\x00b", b"1", "a.txt") + END, "null_character"),
        (part("a", b"1", "a\x00.txt") + END, "null_character"),
        (part("", b"1") + END, "bad_form"),
        (part("a" * 101, b"1") + END, "bad_form"),
        (part("a", b"aGk=", "a.txt", "\r\nContent-Transfer-Encoding: base64") + END, "bad_form"),
        (part("a", b"1", more="\r\nContent-Disposition: form-data; name=b") + END, "bad_form"),
        (b"--frontier\r\nContent-Type: text/plain\r\n\r\nx\r\n" + END, "bad_form"),
        (b'--frontier\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n' + END, "bad_form"),
        (b"".join(part(f"f{number}", b"1") for number in range(6)) + END, "too_many_fields"),
        (b"", "bad_form"),
        (b"a=1&b=2", "bad_form"),
    ],
)
def test_it_is_refused_with_the_reason(body: bytes, code: str) -> None:
    with pytest.raises(BadForm) as refused:
        read(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "content_type",
    [
        *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "a" * 71),
        *("multipart/form-data; boundary=a\x01b", 'multipart/form-data; boundary="ends in a space "'),
    ],
)
def test_a_boundary_that_is_none_is_refused(content_type: str) -> None:
    with pytest.raises(BadForm):
        MultipartBody(content_type, BOUNDS)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (part("draft", b"x" * 1001, "a.txt"), "file_too_large"),
        (part("note", b"x" * 301), "upload_too_large"),
        (part("note", b"x" * 200) + part("more", b"x" * 101), "upload_too_large"),
    ],
)
def test_what_is_too_large_is_refused_before_it_ends(body: bytes, code: str) -> None:
    reading = MultipartBody(TYPE, BOUNDS)
    with pytest.raises(BodyTooLarge) as refused:
        reading.feed(body)
    assert refused.value.code == code


def test_what_is_as_large_as_it_may_be_is_read() -> None:
    form, files = read(part("draft", b"x" * 1000, "a.txt") + part("note", b"x" * 300) + END)
    assert (len(files["draft"].content), len(form["note"])) == (1000, 300)


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("征求意见稿.docx", "征求意见稿.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\draft\\草案.doc", "草案.doc"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\u202ecod.exe", "acod.exe"),
        ("say %22yes%22%0D%0A.txt", 'say "yes" .txt'),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_a_label_and_never_a_path(sent: str, label: str) -> None:
    assert label_of(sent) == label


@given(st.text(max_size=300))
def test_any_name_becomes_a_label(sent: str) -> None:
    label = label_of(sent)
    assert 0 < len(label) <= 200
    assert label.isprintable()
    assert not {"/", "\\"} & set(label)
