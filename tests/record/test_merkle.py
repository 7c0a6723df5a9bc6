"""Whether proofs over the record's tree hold, and only where they should."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from events.record.chain import sha256
from events.record.merkle import consistency, consistent, inclusion, root_by_inclusion
from events.record.proving import BLOCK, Tree, keep_blocks, tree_with_root
from events.record.sql import plain_text
from tests.record.making import opened, said
from tests.record.test_proving import change, naive_root

LEAVES = [b"%d" % n for n in range(70)]


def subtree(first: int, end: int) -> bytes:
    return naive_root(LEAVES[first:end])


class TestProofs:
    @given(st.data())
    @settings(max_examples=150)
    def test_of_inclusion_lead_to_the_root(self, data: st.DataObject) -> None:
        """任一片叶的证明都推得出根；换一片叶、少一步、错一位都推不出。"""
        size = data.draw(st.integers(1, len(LEAVES)))
        index = data.draw(st.integers(0, size - 1))
        other = data.draw(st.integers(0, size - 1))
        path, root = inclusion(index, size, subtree), naive_root(LEAVES[:size])
        assert root_by_inclusion(sha256, data=LEAVES[index], index=index, size=size, path=path) == root
        assert root_by_inclusion(sha256, data=b"x", index=index, size=size, path=path) != root
        if path:
            assert (
                root_by_inclusion(sha256, data=LEAVES[index], index=index, size=size, path=path[:-1]) is None
            )
        longer = (*path, bytes(32))
        assert root_by_inclusion(sha256, data=LEAVES[index], index=index, size=size, path=longer) != root
        if other != index:
            assert root_by_inclusion(sha256, data=LEAVES[index], index=other, size=size, path=path) != root
        assert root_by_inclusion(sha256, data=LEAVES[index], index=size, size=size, path=path) is None

    @given(st.data())
    @settings(max_examples=150)
    def test_of_growth_hold_for_the_same_tree_alone(self, data: st.DataObject) -> None:
        """旧根是新根的前身，证明成立；旧根换一个，就不成立。"""
        new = data.draw(st.integers(1, len(LEAVES)))
        old = data.draw(st.integers(1, new))
        path = consistency(old, new, subtree)
        given_ = {"old": old, "new": new, "new_root": subtree(0, new), "path": path}
        assert consistent(sha256, old_root=subtree(0, old), **given_)
        assert not consistent(sha256, old_root=sha256(b"another"), **given_)
        assert not consistent(sha256, old_root=subtree(0, old), **{**given_, "new_root": bytes(32)})
        assert not consistent(sha256, old_root=subtree(0, old), **{**given_, "path": (*path, bytes(32))})


class TestTheTreeOfARecord:
    def test_is_the_same_with_kept_nodes_and_without(self, database_url: str) -> None:
        """存下的节点只为快：有没有它、是不是坏了，根和证明都一样。"""
        with opened(database_url) as record:
            record.writer.append(said("said-1", *(f"事{n}" for n in range(2 * BLOCK + 44))))
            size = record.store.head().position
            with record.database.reader() as driver:
                leaves = [
                    bytes(r[0]) for r in driver.rows(plain_text("SELECT hash FROM events ORDER BY position"))
                ]
            root = naive_root(leaves)
            plain = Tree(record.store, size)
            assert plain.root() == root
            assert keep_blocks(record.database) == 2
            assert keep_blocks(record.database) == 0
            quick = Tree(record.store, size)
            for position in (1, BLOCK, BLOCK + 1, size):
                path = quick.inclusion(position)
                assert path == plain.inclusion(position)
                assert quick.includes(position, path, root)
            for old in (1, BLOCK - 1, BLOCK, BLOCK + 1, size - 1):
                assert quick.grew_from(old, naive_root(leaves[:old]), root)
            change(record, "UPDATE merkle_blocks SET hash = ? WHERE block = 0", bytes(32))
            assert Tree(record.store, size).root() != root
            assert tree_with_root(record.store, size, root).inclusion(3) == plain.inclusion(3)
