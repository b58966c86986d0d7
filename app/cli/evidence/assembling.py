"""What an assessor gets: controls with their proofs, the installed parts, the settings that matter."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from app.config import Settings

STATES = ("满足", "部分满足", "不满足", "由部署单位负责")
SHOWN = (
    *("environment", "sides", "captcha", "captcha_work", "secure_cookies", "staff_second_factor"),
    *("staff_idle_minutes", "staff_session_hours", "audit_kept_months", "mail_encryption"),
)
"""Settings whose values are told; of all others only whether something stands there, or nothing."""
WHETHER = ("trusted_hosts", "trusted_proxies", "clamd", "audit_heads", "signature_key", "staff_oidc_issuer", "inbox")


@dataclass(frozen=True)
class Installed:
    """`locks`: name of a lock → SHA-256 of its content; `schema`: the revision that this code expects."""

    version: str
    python: str
    schema: str
    parts: Sequence[tuple[str, str]]
    locks: Mapping[str, str]


def standards() -> Sequence[Mapping[str, Any]]:
    text = resources.files("app.cli.evidence").joinpath("controls.toml").read_text(encoding="utf-8")
    kept: Sequence[Mapping[str, Any]] = tomllib.loads(text)["standard"]
    return kept


def settings_told(settings: Settings) -> dict[str, Any]:
    """No secret, no address, no name: values of SHOWN, of WHETHER whether they are set, and the kind of store."""
    values = settings.model_dump(mode="json", include=set(SHOWN))
    told: dict[str, Any] = {name: values[name] for name in SHOWN}
    told |= {
        name: "已设置" if getattr(settings, name) and str(getattr(settings, name)) else "未设置" for name in WHETHER
    }
    return told | {"database": settings.database_url.partition(":")[0]}


def evidence(installed: Installed, settings: Settings, at: datetime) -> dict[str, Any]:
    """The whole of it, as JSON has it."""
    return {
        "made_at": at.isoformat(),
        "version": installed.version,
        "python": installed.python,
        "schema": installed.schema,
        "settings": settings_told(settings),
        "locks": dict(installed.locks),
        "parts": len(installed.parts),
        "standards": [dict(standard) for standard in standards()],
    }


def bill_of_materials(installed: Installed, at: datetime) -> dict[str, Any]:
    """CycloneDX 1.5, of the distributions that are installed."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "name": "yanlu", "version": installed.version},
        },
        "components": [_component(name, version) for name, version in installed.parts],
    }


def _component(name: str, version: str) -> dict[str, str]:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def page(told: Mapping[str, Any]) -> str:
    """The same for people, as Markdown in Chinese."""
    lines = ["# 言路：安全与无障碍对照材料", "", *_head(told), ""]
    for standard in told["standards"]:
        lines += _standard(standard)
    return "\n".join(lines).rstrip() + "\n"


def _head(told: Mapping[str, Any]) -> list[str]:
    return [
        "本材料由 `yanlu evidence` 根据安装的程序和现行设置生成，不含任何密钥、口令和个人信息。",
        "“测试”一栏是随源代码提供的自动测试，测评机构可以自行运行；表中没有写明的，不作承诺。",
        "",
        f"- 生成时间：{told['made_at']}",
        f"- 程序版本：{told['version']}；Python {told['python']}；数据库结构版本：{told['schema']}",
        f"- 安装的软件包：{told['parts']} 个（见 sbom.cdx.json）",
        *(f"- 锁定文件 {name}：SHA-256 {digest}" for name, digest in told["locks"].items()),
        *([] if told["locks"] else ["- 锁定文件：未随本安装提供"]),
        *(f"- 设置 {name}：{value}" for name, value in told["settings"].items()),
    ]


def _standard(standard: Mapping[str, Any]) -> list[str]:
    controls = standard["control"]
    counts = "，".join(f"{state} {sum(one['state'] == state for one in controls)} 项" for state in STATES)
    rows = [
        f"| {one['clause']} | {one['asks']} | {one['how']} | {one['state']} | {_proofs(one['proofs'])} |"
        for one in controls
    ]
    table = ["| 条款 | 要求（摘要） | 落实方式 | 自评 | 测试与文档 |", "|---|---|---|---|---|", *rows]
    return [f"## {standard['title']}", "", standard["note"], "", f"自评：{counts}。", "", *table, ""]


def _proofs(proofs: Sequence[str]) -> str:
    return "<br>".join(f"`{proof}`" for proof in proofs) or "无"
