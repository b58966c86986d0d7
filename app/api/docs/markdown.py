"""The part of Markdown that our own documents use, as HTML. Pure.

Headings, paragraphs, lists, tables and fenced code; inside them bold, code and links. Everything else is text.
"""

import re
from dataclasses import dataclass, field

from markupsafe import Markup, escape

FENCE = "```"
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_SAFE_LINK = re.compile(r"(https://|#|/)")


@dataclass
class Section:
    """A heading, what stands under it, and the code that belongs to it: (language, text)."""

    level: int
    title: Markup
    anchor: str
    prose: list[Markup] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)


def sections(text: str) -> list[Section]:
    """The document in order, one section for each heading."""
    found: list[Section] = []
    for block in _blocks(text):
        heading = re.match(r"(#{1,4}) (.+)", block)
        if heading:
            anchor = f"part-{len(found) + 1}"
            found.append(Section(len(heading[1]), inline(heading[2]), anchor))
        elif not found:
            continue
        elif block.startswith(FENCE):
            first, _, rest = block.partition("\n")
            found[-1].code.append((first[len(FENCE) :].strip(), rest.rpartition("\n" + FENCE)[0]))
        else:
            found[-1].prose.append(_block(block))
    return found


def inline(text: str) -> Markup:
    """One run of words."""
    made, end = Markup(), 0
    for match in _INLINE.finditer(text):
        made += escape(text[end : match.start()])
        made += _marked(match)
        end = match.end()
    return made + escape(text[end:])


def _marked(match: re.Match[str]) -> Markup:
    code, bold, words, link = match.groups()
    if code is not None:
        return Markup("<code>{}</code>").format(code)
    if bold is not None:
        return Markup("<strong>{}</strong>").format(inline(bold))
    if not _SAFE_LINK.match(link):
        return escape(words)
    return Markup('<a href="{}">{}</a>').format(link, words)


def _blocks(text: str) -> list[str]:
    """Parted by empty lines, but that a fence is one whatever stands in it."""
    blocks: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        if line.startswith(FENCE):
            if not fenced:
                blocks.append([])
            blocks[-1].append(line)
            if fenced:
                blocks.append([])
            fenced = not fenced
        elif fenced or (line.strip() and not line.startswith("#")):
            blocks[-1].append(line)
        else:
            blocks += [[line], []] if line.strip() else [[]]
    return ["\n".join(lines) for lines in blocks if lines]


def _block(block: str) -> Markup:
    lines = block.splitlines()
    if lines[0].startswith("|"):
        return _table(lines)
    if lines[0].startswith("- "):
        items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
        return _wrapped("ul", Markup().join(_wrapped("li", inline(" ".join(item.split()))) for item in items))
    return _wrapped("p", inline(_joined(lines)))


def _joined(lines: list[str]) -> str:
    """Lines of one paragraph; Chinese has no blank where a line was broken."""
    made = lines[0]
    for line in lines[1:]:
        made += ("" if ord(made[-1]) > 0x2E80 and ord(line[0]) > 0x2E80 else " ") + line
    return made


def _table(lines: list[str]) -> Markup:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head = Markup().join(_wrapped("th", inline(cell)) for cell in rows[0])
    body = Markup().join(
        _wrapped("tr", Markup().join(_wrapped("td", inline(cell)) for cell in row)) for row in rows[2:]
    )
    table = _wrapped("thead", _wrapped("tr", head)) + _wrapped("tbody", body)
    return Markup('<div class="frame"><table>{}</table></div>').format(table)


def _wrapped(tag: str, inner: Markup) -> Markup:
    return Markup(f"<{tag}>{{}}</{tag}>").format(inner)  # noqa: S704 - the tag is ours
