"""关联与解除关联."""

from events.matter.ending import MergeMatter
from events.matter.linking import LinkMatter, UnlinkMatter
from events.matter.links import Relation
from events.refusals import Invalid, NotYours, WrongStage
from events.vocabulary import MatterId
from tests.spec.given import CLERK, LIAISON, World, refused


class TestLinking:
    def test_is_known_to_both(self) -> None:
        """两件关联，两边都记下是什么关系，各从自己的一面说；了结的也能关联，阶段都不变。"""
        w = World().closed()
        old = w.current
        w.assigned()
        new, before = w.current, w.stage
        w.do("link", LinkMatter(to=old, relation=Relation.REPEATS), CLERK)
        assert [one.label for one in w.matters[new].links] == ["同类问题再次出现"]
        assert [(one.other, one.label) for one in w.matters[old].links] == [(new, "后来又出现同类问题")]
        assert w.stage is before
        assert [r.type for r in w.record[-2:]] == ["matter-linked", "matter-linked"]

    def test_is_taken_back_from_either_side(self) -> None:
        """关联错了从哪一边都能解除，写明理由；关联和解除的事实都留着，解除以后还能再关联。"""
        w = World().assigned()
        first = w.current
        w.assigned()
        second = w.current
        w.do("link", LinkMatter(to=first), CLERK)
        w.current = first
        w.do("unlink", UnlinkMatter(to=second, reason="不是同一处"), CLERK)
        assert (w.matters[first].links, w.matters[second].links) == ((), ())
        w.do("link", LinkMatter(to=second), CLERK)
        assert len(w.matters[second].links) == 1

    def test_refuses_what_cannot_be(self) -> None:
        """不能和自己、和没有的、和已经关联的、和并进来的再关联；没有关联的不能解除。"""
        w = World().assigned()
        first = w.current
        w.assigned()
        second = w.current
        for to, code in ((second, "link-to-itself"), (MatterId("99"), "unknown-matter")):
            with refused(Invalid, code):
                w.do("link", LinkMatter(to=to), CLERK)
        with refused(WrongStage):
            w.do("unlink", UnlinkMatter(to=first, reason="错了"), CLERK)
        w.do("link", LinkMatter(to=first), CLERK)
        for relation in Relation:
            with refused(Invalid, "linked-already"):
                w.do("link", LinkMatter(to=first, relation=relation), CLERK)
        w.assigned()
        third = w.current
        w.do("merge", MergeMatter(into=second), CLERK)
        with refused(Invalid, "of-one-family"):
            w.do("link", LinkMatter(to=second), CLERK)
        w.current = second
        with refused(Invalid, "of-one-family"):
            w.do("link", LinkMatter(to=third), CLERK)
        with refused(Invalid, "not-linked"):
            w.do("unlink", UnlinkMatter(to=third, reason="错了"), CLERK)
        with refused(Invalid, "blank-field"):
            w.do("unlink", UnlinkMatter(to=first, reason=" "), CLERK)

    def test_is_the_offices(self) -> None:
        """关联由督查室办理。"""
        w = World().assigned()
        first = w.current
        w.assigned()
        with refused(NotYours):
            w.do("link", LinkMatter(to=first), LIAISON)
