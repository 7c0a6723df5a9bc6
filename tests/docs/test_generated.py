"""Pages read off the code say what the code says."""

import dataclasses

import pytest

from events.bulletin.series import Series
from events.matter.permitted import PERMITTED
from events.rules.procedures import MatterRules, Procedure
from service.documenting import MORE_KEYS, PAGES, ROOT, undocumented
from service.documents.papers.kinds import KINDS
from service.documents.papers.words import NAMES
from service.runtime import CODEC
from service.settings import read_settings


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_the_code_says(name: str) -> None:
    """docs/ 里由代码生成的页与代码一致；不一致时运行 python -m service.documenting。"""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_command_and_fact_is_there() -> None:
    """每个命令、每种事实都有说明。"""
    stages, events = PAGES["stages.md"](), PAGES["events.md"]()
    assert all(f"| `{command}` |" in stages for command in PERMITTED)
    assert all(f"### `{stored.name}`" in events for stored in CODEC.stored)


def test_every_key_is_explained() -> None:
    """配置的每个键在 config.toml 里都有一行说明，其余可写的键都写在配置页里。"""
    assert undocumented() == []
    known = {
        field.name for kind in (MatterRules, Procedure, Series) for field in dataclasses.fields(kind)
    } - {"kind", "id"}
    assert set(MORE_KEYS) == known


def test_shipped_configuration_is_usable() -> None:
    """随带的 config.toml 可以直接用，是真实办公的记录。"""
    settings = read_settings(ROOT / "config.toml", environment={})
    assert settings.clock.mode == "real"
    assert settings.mail.host == ""


def test_every_word_of_the_templates_is_explained() -> None:
    """文书模板里可用的词都写在文书页里。"""
    page = (ROOT / "docs" / "documents.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []
    assert [kind.id for kind in KINDS if f"`{kind.id}`" not in page] == []
