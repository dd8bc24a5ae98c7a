"""The Nu HTML checker over pages as they were sent."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from site_config.audit.tools import Tools

CHECKED_WITHIN_S = 300


@dataclass(frozen=True)
class Fault:
    """What is wrong in a page, and the words that it is wrong in."""

    page: str
    line: int
    message: str
    extract: str

    def __str__(self) -> str:
        return f"{self.page}, line {self.line}: {self.message}\n    {self.extract}"


def check(tools: Tools, pages: dict[str, str], folder: Path) -> list[Fault]:
    """The errors in pages {name: HTML}; warnings are the checker's taste.

    Raises:
        ToolError: it did not run through.
    """
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    command = [*tools.vnu, "--format", "json", "--stdout", "--exit-zero-always"]
    command += (f"{folder / name}.html" for name in pages)
    return understood(tools.told(command, within_s=CHECKED_WITHIN_S))


def understood(result: dict) -> list[Fault]:
    """The errors among the checker's messages; a page it gave up on is one too."""
    return [
        Fault(
            page=Path(urlsplit(message.get("url", "")).path).stem,
            line=message.get("lastLine", 0),
            message=message["message"],
            extract=" ".join(message.get("extract", "").split()),
        )
        for message in result["messages"]
        if message["type"] != "info"
    ]
