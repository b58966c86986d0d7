"""The parts of a DOCX (ECMA-376, Office Open XML) beside its text: types, styles, page numbers, settings. Pure."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from app.exports.tabular import clean
from app.papers.measures import (
    BODY_TYPE,
    FIGURE_TYPE,
    HEAD_TYPE,
    LINE,
    MM,
    POINTS,
    SECOND_TYPE,
    TITLE_TYPE,
    TYPES,
    Sheet,
    Type,
)
from app.papers.paragraphs import Setting

HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LATIN = "Times New Roman"
CELL, CELL_HEAD, CELL_CENTRED = "Cell", "CellHead", "CellCentred"
STYLES = {
    Setting.TITLE: "PaperTitle",
    Setting.CENTRED: "Centred",
    Setting.RIGHT: "Signed",
    Setting.FLUSH: "Flush",
    Setting.FIRST_LEVEL: "FirstLevel",
    Setting.SECOND_LEVEL: "SecondLevel",
    Setting.BODY: "Body",
    Setting.BLANK: "Flush",
}
_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{LINE:.0f}" w:lineRule="exact"/>'
_TITLE_SPACING = '<w:spacing w:before="0" w:after="0" w:line="700" w:lineRule="exact"/>'
_CELL_SPACING = '<w:spacing w:before="20" w:after="20" w:line="340" w:lineRule="atLeast"/>'
_TWO_IN = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_CHARACTERS = 28
_FOOTER_GAP = 12
"""Millimetres from the text area to the lower edge of the page number: 7 mm and the height of its figures."""
CONTENT_TYPES = (
    f'{HEADER}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml"'
        f' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("odd", "footer"),
            ("even", "footer"),
        )
    )
    + "</Types>"
)
ROOT_RELATIONS = (
    f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
RELATIONS = (
    f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="{id}" Type="{RELATED}/{kind}" Target="{target}.xml"/>'
        for id, kind, target in (
            ("rStyles", "styles", "styles"),
            ("rSettings", "settings", "settings"),
            ("rFonts", "fontTable", "fontTable"),
            ("rOdd", "footer", "odd"),
            ("rEven", "footer", "even"),
        )
    )
    + "</Relationships>"
)
SETTINGS = (
    f'{HEADER}<w:settings {SPACE}><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)


def types() -> str:
    """Each with the names that a program may take instead (ECMA-376 Part 1, 17.8.3.1)."""
    rows = "".join(
        f"<w:font w:name={quoteattr(one.name)}><w:altName w:val={quoteattr(','.join(one.instead))}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for one in TYPES
    )
    return f"{HEADER}<w:fonts {SPACE}>{rows}</w:fonts>"


def styles() -> str:
    body = _letters(BODY_TYPE, POINTS["三号"])
    ways = (
        _style("Flush", "顶格", _EXACT, body),
        _style("Body", "正文文字", _EXACT + _TWO_IN, body),
        _style("PaperTitle", "公文标题", _TITLE_SPACING + _set("center"), _letters(TITLE_TYPE, POINTS["二号"])),
        _style("Centred", "居中", _EXACT + _set("center"), _letters(SECOND_TYPE, POINTS["三号"])),
        _style("Signed", "落款", _EXACT + '<w:ind w:rightChars="200" w:right="640"/>' + _set("right"), body),
        _style("FirstLevel", "一级标题", _heading(0), _letters(HEAD_TYPE, POINTS["三号"])),
        _style("SecondLevel", "二级标题", _heading(1), _letters(SECOND_TYPE, POINTS["三号"])),
        _style(CELL, "表格文字", _CELL_SPACING, _letters(BODY_TYPE, POINTS["小四"])),
        _style(CELL_CENTRED, "表格居中", _CELL_SPACING + _set("center"), _letters(BODY_TYPE, POINTS["小四"])),
        _style(CELL_HEAD, "表头", _CELL_SPACING + _set("center"), _letters(HEAD_TYPE, POINTS["小四"])),
        _style("PageNumber", "页码", "", _letters(FIGURE_TYPE, POINTS["四号"], FIGURE_TYPE.name)),
    )
    defaults = f"<w:docDefaults><w:rPrDefault>{body}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return f"{HEADER}<w:styles {SPACE}>{defaults}{normal}{''.join(ways)}</w:styles>"


def page_number(*, is_odd: bool) -> str:
    """— 1 —, one character from the outer edge of the text area."""
    side = '<w:ind w:rightChars="100" w:right="280"/>' if is_odd else '<w:ind w:leftChars="100" w:left="280"/>'
    where = f'<w:pPr><w:pStyle w:val="PageNumber"/>{side}{_set("right" if is_odd else "left")}</w:pPr>'
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    return f"{HEADER}<w:ftr {SPACE}><w:p>{where}{dash.format('— ')}{field}{dash.format(' —')}</w:p></w:ftr>"


def page(sheet: Sheet) -> str:
    """The sheet with its margins, and the grid of 22 lines with 28 characters where it stands upright."""
    across = ' w:orient="landscape"' if sheet.width > sheet.height else ""
    width, characters = sheet.text_width * MM / 20, POINTS["三号"]
    pitch = f'<w:docGrid w:type="lines" w:linePitch="{LINE:.0f}"/>'
    if not across:
        spacing = round((width / _CHARACTERS - characters) * 4096)
        pitch = f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE:.0f}" w:charSpace="{spacing}"/>'
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rOdd"/><w:footerReference w:type="even" r:id="rEven"/>'
        f'<w:pgSz w:w="{sheet.width * MM:.0f}" w:h="{sheet.height * MM:.0f}"{across}/>'
        f'<w:pgMar w:top="{sheet.top * MM:.0f}" w:right="{sheet.right * MM:.0f}" w:bottom="{sheet.bottom * MM:.0f}"'
        f' w:left="{sheet.left * MM:.0f}" w:header="851" w:footer="{(sheet.bottom - _FOOTER_GAP) * MM:.0f}"'
        f' w:gutter="0"/>{pitch}</w:sectPr>'
    )


def core(title: str, at: datetime) -> str:
    """What the file says about itself: title and when it was made, and nothing about who made it."""
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{HEADER}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(clean(title))}</dc:title>'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created></cp:coreProperties>'
    )


def _style(id: str, name: str, paragraph: str, letters: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>{letters}</w:style>'
    )


def _heading(level: int) -> str:
    return f'{_EXACT}{_TWO_IN}<w:outlineLvl w:val="{level}"/>'


def _set(where: str) -> str:
    return f'<w:jc w:val="{where}"/>'


def _letters(of: Type, points: float, latin: str = LATIN) -> str:
    name, plain = quoteattr(of.name), quoteattr(latin)
    size = f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'
    fonts = f"<w:rFonts w:ascii={plain} w:hAnsi={plain} w:eastAsia={name} w:cs={plain}/>"
    return f'<w:rPr>{fonts}{size}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
