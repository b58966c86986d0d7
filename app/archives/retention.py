"""How long the papers of a consultation are to be kept. Pure.

Source: 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第8号, 2006), 第六条、第七条: 永久 or 定期 (30年, 10年).
"""

from enum import StrEnum


class Retention(StrEnum):
    PERMANENT = "permanent"
    THIRTY_YEARS = "thirty_years"
    TEN_YEARS = "ten_years"


WORDS = {Retention.PERMANENT: "永久", Retention.THIRTY_YEARS: "30年", Retention.TEN_YEARS: "10年"}
"""As the rule and the file's label write them, whatever the page's language."""
