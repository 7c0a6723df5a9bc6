"""SMTP against a real server on loopback: every way it can say yes, no, later, or nothing."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.vocabulary import BEIJING
from notifications.channels import ChannelDown, Fate, Handed
from notifications.channels.email import EmailChannel, Security, readable
from notifications.messages import Message, Recipient
from tests.notifications.making import SENDER, county
from tests.notifications.smtp import PASSWORD, USER, Postmaster, made_certificate, serving
from tests.require import program

AT = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
A, B = (
    Recipient(name="何远舟", address="a@yunxi.example"),
    Recipient(name="程立川", address="b@yunxi.example"),
)


def message(number: int = 1, *to: Recipient) -> Message:
    return Message(
        id=f"m{number}",
        to=to or (A,),
        subject=f"【督办通知】第{number}封",
        text="青石镇：\n请签收。\n.\n",
        html="<p>请签收。</p>",
        at=AT,
    )


def channel(server: Postmaster, **more: Any) -> EmailChannel:
    values: dict[str, Any] = {"timeout": 5.0, "trust": server.trust, **more}
    return EmailChannel(host="127.0.0.1", port=server.port, sender=SENDER, **values)


def hand_over(through: EmailChannel, *messages: Message) -> list[Handed]:
    """One round with these messages."""

    async def running() -> list[Handed]:
        async with through.open() as give:
            return [await give(one) for one in messages]

    return asyncio.run(running())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program("openssl", what="自制证书", package="openssl")
    return made_certificate(tmp_path_factory.mktemp("tls"))


class TestEmail:
    def test_arrives_whole(self) -> None:
        """邮件原样送到：中文主题、正文、信号、机器标记。"""
        with serving() as server:
            assert hand_over(channel(server), message()) == [Handed(fate=Fate.ACCEPTED)]
        (mail,) = server.taken
        assert mail["Subject"] == "【督办通知】第1封"
        assert mail["Message-ID"] == "<m1@yunxi.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        text = mail.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n") == "青石镇：\n请签收。\n.\n"
        assert mail.get_body(("html",)) is not None
        assert mail["X-Envelope-To"] == "a@yunxi.example"

    def test_goes_over_one_connection_a_round(self) -> None:
        """一轮投递只连一次服务器。"""
        with serving() as server:
            handed = hand_over(channel(server), *(message(n) for n in range(20)))
        assert {x.fate for x in handed} == {Fate.ACCEPTED}
        assert (len(server.taken), server.sessions) == (20, 1)

    def test_connects_not_at_all_without_letters(self) -> None:
        """没有信就不连服务器。"""
        with serving() as server:
            hand_over(channel(server))
        assert server.sessions == 0

    def test_starttls_protects_and_logs_in(self, certificate: Path) -> None:
        """STARTTLS 加密后登录，信送到。"""
        with serving(certificate=certificate, login=True) as server:
            way = channel(server, security=Security.STARTTLS, username=USER, password=PASSWORD)
            assert hand_over(way, message())[0].fate is Fate.ACCEPTED

    def test_tls_from_the_first_byte(self, certificate: Path) -> None:
        """一开始就是 TLS 的端口，信送到。"""
        with serving(certificate=certificate, tls=True) as server:
            assert hand_over(channel(server, security=Security.TLS), message())[0].fate is Fate.ACCEPTED


class TestDown:
    def test_wrong_password(self, certificate: Path) -> None:
        """密码不对是渠道不通，不是信的错；话里说明账号，不漏密码。"""
        with serving(certificate=certificate, login=True) as server:
            way = channel(server, security=Security.STARTTLS, username=USER, password="wrong")
            with pytest.raises(ChannelDown, match=USER) as down:
                hand_over(way, message())
        assert "wrong" not in str(down.value) + repr(way)

    def test_nobody_listens(self) -> None:
        """服务器没开，话里说明地址和端口。"""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        with pytest.raises(ChannelDown, match=f"127.0.0.1:{port} 连不上"):
            hand_over(EmailChannel(host="127.0.0.1", port=port, sender=SENDER, timeout=5), message())

    def test_nobody_answers(self) -> None:
        """服务器接了电话不说话，到时就放下。"""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            port = mute.getsockname()[1]
            with pytest.raises(ChannelDown):
                hand_over(EmailChannel(host="127.0.0.1", port=port, sender=SENDER, timeout=0.3), message())

    def test_untrusted_certificate(self, certificate: Path) -> None:
        """证书不可信就不发。"""
        with (
            serving(certificate=certificate, tls=True) as server,
            pytest.raises(ChannelDown, match="certificate"),
        ):
            hand_over(channel(server, security=Security.TLS, trust=None), message())
        assert server.taken == []

    def test_starttls_not_offered(self) -> None:
        """要求加密而服务器不会，就不发，不会改用明文。"""
        with serving() as server, pytest.raises(ChannelDown):
            hand_over(channel(server, security=Security.STARTTLS), message())
        assert server.taken == []

    @pytest.mark.parametrize("answer", ["550 not from here", "530 use TLS first", "452 disk full"])
    def test_sender_refused(self, answer: str) -> None:
        """发件地址被拒，对每封信都一样，算渠道不通。"""
        with serving(sender=answer) as server, pytest.raises(ChannelDown, match=SENDER.address):
            hand_over(channel(server), message())


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "fate"),
        [("550 no such user", Fate.REFUSED), ("452 mailbox full", Fate.LATER), ("450 later", Fate.LATER)],
    )
    def test_about_the_recipient(self, answer: str, fate: Fate) -> None:
        """收件人被拒：5 开头是不收，4 开头是稍后。"""
        with serving(recipients={A.address: answer}) as server:
            (handed,) = hand_over(channel(server), message())
        assert handed.fate is fate
        assert A.address in (handed.reason or "")
        assert answer[:3] in (handed.reason or "")

    @pytest.mark.parametrize(
        ("answer", "fate"),
        [("554 not taken", Fate.REFUSED), ("451 local error", Fate.LATER), ("421 closing", Fate.LATER)],
    )
    def test_about_the_mail(self, answer: str, fate: Fate) -> None:
        """信的内容被拒：5 开头是不收，4 开头是稍后。"""
        with serving(data=lambda: answer) as server:
            (handed,) = hand_over(channel(server), message())
        assert (handed.fate, (handed.reason or "")[:3]) == (fate, answer[:3])

    def test_some_recipients_are_refused(self) -> None:
        """两人中一人被拒，信仍送到另一人，被拒的写明。"""
        with serving(recipients={B.address: "550 no such user"}) as server:
            (handed,) = hand_over(channel(server), message(1, A, B))
        assert handed.fate is Fate.ACCEPTED
        assert handed.refused == (B.address,)
        assert B.address in (handed.reason or "")
        assert server.taken[0]["X-Envelope-To"] == A.address

    def test_a_refusal_for_good_and_one_for_now_is_one_for_now(self) -> None:
        """一人永久被拒、一人暂时被拒，过后再试。"""
        with serving(recipients={A.address: "550 no such user", B.address: "450 later"}) as server:
            (handed,) = hand_over(channel(server), message(1, A, B))
        assert handed.fate is Fate.LATER

    def test_taken_but_never_answered_is_unclear(self) -> None:
        """对方收了信却挂断，不知收没收：不算送到，也不算没送。"""
        with serving(drops=True) as server:
            (handed,) = hand_over(channel(server), message())
        assert handed.fate is Fate.UNCLEAR
        assert len(server.taken) == 1

    def test_after_a_break_the_next_letter_goes_on_a_new_connection(self) -> None:
        """断线之后，下一封信另连一次照发。"""
        with serving(drops=True) as server:

            async def running() -> list[Fate]:
                async with channel(server).open() as give:
                    first = await give(message(1))
                    server.drops = False
                    return [first.fate, (await give(message(2))).fate]

            assert asyncio.run(running()) == [Fate.UNCLEAR, Fate.ACCEPTED]
        assert server.sessions == 2

    def test_said_in_another_encoding_is_readable(self) -> None:
        """服务器用别的编码答话，记下来仍能读，也存得进去。"""
        assert readable("信箱\n已满".encode("gb18030").decode("utf-8", "surrogateescape")) == "信箱 已满"
        assert readable("mailbox full") == "mailbox full"
        assert len(readable("满" * 1000)) == 300
        readable("\udcff\udc80").encode()

    def test_an_address_nobody_can_write_to_is_refused(self) -> None:
        """不成样子的地址当场退回，不连累别的信。"""
        odd = Recipient(name="甲", address="a@yunxi.example>\r\nRCPT TO:<x@y.example")
        with serving() as server:
            good = message(2)
            try:
                handed = hand_over(channel(server), message(1, odd), good)
            except ValueError:
                pytest.fail("a bad address ended the round")
        assert [x.fate for x in handed] == [Fate.REFUSED, Fate.ACCEPTED]


class TestDeliveringByEmail:
    def test_whole_way(self, database_url: str) -> None:
        """从交办到信箱：事实、信件、邮件一一对应，连发两轮不重。"""
        with county(database_url) as yunxi, serving() as server:
            yunxi.server = channel(server)  # type: ignore[assignment]
            yunxi.assigned()
            assert yunxi.deliver() == {"sent": 2}
            assert yunxi.deliver() == {}
            wanted = {x.message_id for x in yunxi.letters() if x.channel == "email"}
            assert {mail["Message-ID"] for mail in server.taken} == wanted
            assert len(server.taken) == 2

    def test_that_drops_sends_the_same_again(self, database_url: str) -> None:
        """对方收下即挂断：过后重发，信号相同，对方认得出是同一封。"""
        with county(database_url) as yunxi, serving(drops=True) as server:
            yunxi.server = channel(server)  # type: ignore[assignment]
            yunxi.assigned()
            assert yunxi.deliver() == {"waiting": 2}
            server.drops = False
            yunxi.now += timedelta(minutes=2)
            assert yunxi.deliver() == {"sent": 2}
            assert len(server.taken) == 4
            assert len({mail["Message-ID"] for mail in server.taken}) == 2
