"""The bytes of a mail, read back by a parser: nothing from outside breaks out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.desk import html_of, text_of
from mediawatch.alerts import compose, message, view
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.links import Signer
from mediawatch.alerts.pieces import pieces
from mediawatch.alerts.view import Copy, Desk, Found, Reader, Telling
from mediawatch.model import Message, Reason

SEEN = datetime(2026, 7, 1, 10, 5, 42, tzinfo=UTC)
SENDER = Sender(address="watch@desk.example", reply_to="editor@desk.example")


def copy(outlet: str | None = "Gazette", **more: Any) -> Copy:
    values: dict[str, Any] = {
        "outlet": outlet,
        "url": "https://gazette.example/1",
        "title": "Dam breaks",
        "published_at": SEEN,
        "published_precision": "minute",
        "published_origin": "feed",
        "first_seen_at": SEEN,
    }
    return Copy(**{**values, **more})


def telling(lead: Copy, *others: Copy, **more: Any) -> Telling:
    sentence = more.pop("sentence", "The dam broke.")
    marks = more.pop("marks", ((4, 7),))
    reason = Reason(part="body", sentence=sentence, marks=marks, start=0, clauses=("dam",))
    name = more.pop("watch", "Dams")
    found = Found(watch_id="dam", watch_name=name, reason=reason, outlet=lead.outlet)
    values: dict[str, Any] = {"cause": "new", "first": lead, "found_at": SEEN, "seen_at": SEEN}
    return Telling(lead=lead, others=others, found=(found,), **{**values, **more})


def composed(told: Telling, zone: str = "UTC", language: str = "en") -> Message:
    return compose.instant(
        told,
        Reader(address="desk@example.org", language=language, zone=zone),
        SENDER,
        slot="story:a:new",
        message_id="<1@desk.example>",
        thread=None,
        date=SEEN,
        is_late=False,
    )


def parsed(sent: Message) -> EmailMessage:
    return message_from_bytes(sent.content, policy=policy.default)


def raw_headers(sent: Message) -> list[str]:
    head = sent.content.partition(b"\r\n\r\n")[0].decode()
    return re.sub(r"\r\n[ \t]", " ", head).split("\r\n")


@pytest.mark.parametrize(
    "title",
    [
        "Dam breaks\r\nBcc: other@example.org",
        "Dam\nbreaks",
        "Dam breaks\n",
        "Dam\x85breaks",
        "Dam\u2028breaks\u2029",
        "Dam\x00\x0b\x0c\x1b[2Jbreaks",
        "=?utf-8?q?Dam=0D=0ABcc:_other=40example.org?=",
    ],
)
def test_a_headline_adds_no_header_and_no_recipient(title: str) -> None:
    for told in (telling(copy(title=title)), telling(copy(), watch=title)):
        sent = composed(told)
        names = [line.partition(":")[0] for line in raw_headers(sent)]
        assert names == [
            "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
            "X-Auto-Response-Suppress", "List-Id", "Reply-To", "List-Unsubscribe",
            "MIME-Version", "Content-Type",
        ]  # fmt: skip
        mail = parsed(sent)
        assert mail["To"] == "desk@example.org"
        assert mail["Bcc"] is None


def test_control_signs_become_blanks() -> None:
    sent = composed(telling(copy(title="Dam breaks\r\nBcc: other@example.org")))
    assert parsed(sent)["Subject"] == "[Dams] Dam breaks Bcc: other@example.org"


@pytest.mark.parametrize(
    "title",
    [
        "Alerte : « réseaux d’énergie » – 20 semaines d’enquête, Ελλάδα, Київ та інші, 日本語 😀",
        "渡" * 180,
        "a" * 190,
        "é" * 190,
        "word " * 36,
        "👩‍👩‍👧‍👦" * 20,
    ],
)
def test_a_subject_of_any_script_comes_back_as_it_was(title: str) -> None:
    sent = composed(telling(copy(title=title)))
    wanted = message.one_line(f"[Dams] {title}", 200)
    head = sent.content.partition(b"\r\n\r\n")[0]
    [raw] = re.findall(rb"^Subject: ([^\r]*(?:\r\n[ \t][^\r]*)*)", head, re.MULTILINE)
    unfolded = raw.decode("ascii").replace("\r\n", "")
    assert str(make_header(decode_header(unfolded))) == wanted
    assert parsed(sent)["Subject"] == wanted
    assert not re.search(r"\?==\?", raw.decode())
    assert max(len(line) for line in sent.content.split(b"\r\n")) <= 998
    assert len(wanted) <= 200


def test_a_headline_of_5000_signs_is_cut_in_subject_and_text() -> None:
    sent = composed(telling(copy(title="\u202eDam " * 1250)))
    mail = parsed(sent)
    assert 190 < len(mail["Subject"]) <= 200
    assert mail["Subject"].endswith("…")
    assert "\u202e" not in text_of(mail) + html_of(mail) + mail["Subject"]
    assert len(text_of(mail)) < 2000


def test_long_lines_of_any_script_are_encoded_and_come_back() -> None:
    sentence = "палата " * 80
    sent = composed(telling(copy(), sentence=sentence.strip(), marks=((0, 6),)))
    assert max(len(line) for line in sent.content.split(b"\r\n")) <= 78
    assert f"*палата* {'палата ' * 79}".strip() in text_of(parsed(sent))


@given(st.text(max_size=400), st.text(max_size=300))
def test_whatever_the_text_the_mail_can_be_read(title: str, sentence: str) -> None:
    sent = composed(telling(copy(title=title), sentence=sentence, marks=()))
    mail = parsed(sent)
    assert mail["Subject"] == message.one_line(f"[Dams] {message.one_line(title)}", 200)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert message.one_line(sentence) in message.one_line(text_of(mail))
    assert b"\n" not in sent.content.replace(b"\r\n", b"")
    assert b"\r" not in sent.content.replace(b"\r\n", b"")


def test_markup_from_outside_is_shown_and_not_obeyed() -> None:
    hostile = copy(
        title='R&D <script>alert(1)</script> "quoted" {{ 7 * 7 }}',
        outlet='<img src=x onerror="alert(1)">',
        url="javascript:alert(1)",
    )
    sentence = '<a href="https://evil.example">Log in</a> <mark>here</mark>'
    mail = parsed(
        composed(
            telling(hostile, copy(outlet="](http://evil.example)"), sentence=sentence, marks=())
        )
    )
    page = lxml.html.fromstring(html_of(mail))
    assert not page.xpath("//script | //img | //mark | //@onerror")
    assert page.xpath("string(//h1)") == hostile.title
    assert page.xpath("string(//p[@class='sentence'])") == sentence
    assert 'R&D <script>alert(1)</script> "quoted"' in text_of(mail)
    assert "Address: javascript:alert(1)" in text_of(mail)
    links = set(page.xpath("//@href"))
    assert links == {"https://gazette.example/1", "mailto:editor@desk.example"}


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://gazette.example/a?b=c&d=é", True),
        ("http://gazette.example:8080/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("HTTPS://gazette.example/", True),
        ("https:///path", False),
        ("https://a.example/ onmouseover=x", False),
        ("https://a.example/\r\nBcc:", False),
        ("https://[broken/", False),
        ("https://a.example/\u202egpj", False),
        ("//a.example/x", False),
        (f"https://a.example/{'x' * 3000}", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert view.safe_link(url) == (url if safe else None)


def test_times_are_shown_in_the_readers_zone_with_its_name() -> None:
    told = telling(copy())
    assert "1 July 2026, 12:05 CEST" in text_of(parsed(composed(told, "Europe/Berlin")))
    assert "1er juillet 2026, 12:05 CEST" in text_of(parsed(composed(told, "Europe/Berlin", "fr")))
    assert "1 July 2026, 10:05 UTC" in text_of(parsed(composed(told)))
    assert "2 July 2026, 00:05 UTC+14" in text_of(parsed(composed(told, "Pacific/Kiritimati")))


def test_a_day_is_no_time_and_no_zone_shifts_it() -> None:
    noon = datetime(2021, 12, 16, 12, tzinfo=UTC)
    told = telling(copy(published_at=noon, published_precision="day"))
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        assert "16 December 2021 (no time given)" in text_of(parsed(composed(told, zone)))


def test_without_a_date_the_mail_says_so() -> None:
    told = telling(copy(published_at=None, published_precision="none"))
    text = text_of(parsed(composed(told)))
    assert "no date given; first seen 1 July 2026, 10:05 UTC" in text


def test_outlets_are_counted_once_and_a_long_list_is_cut() -> None:
    others = [copy(outlet=f"Paper {number}") for number in range(20)]
    text = text_of(parsed(composed(telling(copy(), copy(), *others, *others))))
    assert "Paper 11 and 8 more: 20 more outlets" in text
    assert "Paper 12" not in text


def test_an_earlier_first_outlet_is_named() -> None:
    wire = copy(outlet="The Wire", published_at=SEEN - timedelta(hours=1))
    text = text_of(parsed(composed(telling(copy(), wire, first=wire))))
    assert "First at The Wire, 1 July 2026, 09:05 UTC" in text
    assert "Also at The Wire: 1 more outlet" in text


def test_two_watches_are_both_named_with_their_own_words() -> None:
    told = telling(copy(), sentence="The dam broke in Oslo.", marks=((4, 7),))
    reason = Reason(
        part="body",
        sentence="The dam broke in Oslo.",
        marks=((17, 21),),
        start=0,
        clauses=("oslo",),
    )
    second = Found(watch_id="oslo", watch_name="Oslo", reason=reason, outlet="Gazette")
    both = Telling(
        cause="new", lead=told.lead, first=told.first, others=(), found_at=SEEN, seen_at=SEEN,
        found=(*told.found, second),
    )  # fmt: skip
    text = text_of(parsed(composed(both)))
    assert text.count("The *dam* broke in *Oslo*.") == 1
    assert "Your watch Dams found dam\n  Your watch Oslo found oslo\n" in text


def test_a_very_long_sentence_is_cut_around_its_marks() -> None:
    sentence = "word " * 400 + "dam" + " word" * 400
    shown = pieces(sentence, ((2000, 2003),))
    assert ("dam", True) in shown
    assert shown[0] == ("…", False)
    assert shown[-1] == ("…", False)
    assert sum(len(text) for text, _ in shown) < 700


def test_addresses_of_every_script() -> None:
    assert message.ascii_domain("hans@bücher.example") == "hans@xn--bcher-kva.example"
    assert message.host_of("watch@desk.example") == "desk.example"
    content = message.build(
        sender="watch@desk.example", recipient="пошта@bücher.example", subject="s", date=SEEN,
        identifier="<1@desk.example>", extra=(), text="t", html="h",
    )  # fmt: skip
    assert "To: <пошта@xn--bcher-kva.example>\r\n".encode() in content


def test_message_ids_follow_the_ledger_key() -> None:
    one = message.message_id("a@b.example", "instant", "story:x:new", "desk.example")
    assert one == message.message_id("a@b.example", "instant", "story:x:new", "desk.example")
    assert one != message.message_id("a@b.example", "digest", "story:x:new", "desk.example")
    assert re.fullmatch(r"<[0-9a-f]{40}@desk\.example>", one)


def test_the_mail_stays_far_below_the_size_at_which_mailboxes_cut_it() -> None:
    others = [copy(outlet=f"Paper {n}", url=f"https://p{n}.example/{'x' * 200}") for n in range(99)]
    assert len(composed(telling(copy(), *others)).content) < 40_000


def test_a_digest_of_two_hundred_watches_stays_small() -> None:
    watches = [(f"w{number}", f"Watch {number}") for number in range(200)]
    receipt = {
        "since": "then", "sources": [], "articles": 0, "copies": 0, "rejected": [], "delays": None,
    }  # fmt: skip
    made = compose.digest(
        [telling(copy())],
        compose.Digest(title="now", watches=[*watches, ("dam", "Dams")], receipt=receipt),
        Reader(recipient_id=1, address="desk@example.org", language="en", zone="UTC"),
        Sender(address="w@desk.example", desk=Desk(signer=Signer("https://n.example", "k" * 40))),
        slot="2026-07-01T10:00",
        message_id="<1@desk.example>",
        date=SEEN,
    )
    mail = message_from_bytes(made.content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert len(html_of(mail).encode()) < 40_000
    assert "recipient of “Dams”, “Watch 0”" in text_of(mail)
    assert "and 189 more" in text_of(mail)
