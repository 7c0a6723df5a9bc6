"""What was written once is read for ever: one kept sample of every fact and schema version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.runtime import CODEC

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted(path.name for path in GOLDEN.glob("*.json"))


class TestStoredFacts:
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_reads_every_kept_sample(self, sample: str) -> None:
        """以前写下的每一种事实、每一版，今天的程序都读得懂；现行版本再写出来一字不差。"""
        name, schema = sample.removesuffix(".json").rsplit(".", 1)
        body = (GOLDEN / sample).read_bytes().rstrip(b"\n")
        fact = CODEC.decode(name, int(schema), body)
        again = CODEC.encode(fact)
        if CODEC.name_of(fact) == (name, int(schema)):
            assert again == body
        assert CODEC.decode(*CODEC.name_of(fact), again) == fact

    def test_keeps_a_sample_of_every_fact_and_version(self) -> None:
        """每一种事实的每一版都留有样本；新加事实或字段，先留样本。"""
        wanted = {f"{s.name}.{schema}.json" for s in CODEC.stored for schema in range(1, s.schema + 1)}
        assert set(SAMPLES) == wanted

    def test_names_every_field_in_its_sample(self) -> None:
        """现行样本写出了每一个字段，字段改名或删去都会被发现。"""
        for stored in CODEC.stored:
            body = json.loads((GOLDEN / f"{stored.name}.{stored.schema}.json").read_text(encoding="utf-8"))
            assert set(body) == set(stored.type.__dataclass_fields__), stored.name

    def test_fills_missing_fields_with_their_defaults(self) -> None:
        """以后加的字段旧事实里没有，按默认值读出。"""
        fact = CODEC.decode("assignment-acknowledged", 1, b'{"stage":"rectifying"}')
        assert (fact.text, fact.effective_at, fact.limit) == (None, None, None)
