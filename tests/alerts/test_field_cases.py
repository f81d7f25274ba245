"""Failures that alerting has met in the field: matching, mails, windows and schedules."""

from __future__ import annotations

import ast
import re
import threading
import unicodedata
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from elasticsearch import Elasticsearch

from alerts.desk import NOW, Desk, html_of, text_of, watch_text
from mediawatch.alerts import watches
from mediawatch.errors import QueryError
from mediawatch.model import SearchDocument
from mediawatch.pipeline import matching
from mediawatch.pipeline.context import Context
from mediawatch.search import match_index
from mediawatch.search.queries import from_keywords, rewrite
from mediawatch.storage.connection import connect

ROOT = Path(__file__).resolve().parents[2]


def nfc(text: str) -> str:
    """As every text is once it has passed the stage before."""
    return unicodedata.normalize("NFC", text)


def found(es: Elasticsearch, prefix: str, query: str, titles: list[str | tuple[str, str]]) -> str:
    """The numbers of the texts that a query finds, as one string."""
    documents = []
    for number, text in enumerate(titles):
        title, body = map(nfc, text if isinstance(text, tuple) else (text, ""))
        fields: dict[str, Any] = {"article_id": str(number), "title": title, "body": body}
        fields |= {"language": "en", "version_no": 1}
        documents.append(SearchDocument(article_id=str(number), index="", version=1, fields=fields))
    with match_index.match_index(es, prefix, "field", documents) as index:
        [hits] = match_index.msearch(es, index.name, [match_index.Search(rewrite(query))])
    assert not isinstance(hits, match_index.SearchFailed)
    return "".join(sorted(hit.article_id for hit in hits))


KEYWORDS = [
    ("alert-01", "Ma", ["Yo-Yo Ma plays", "Imam speaks", "Mayor out", "MA AND PA", "“Ma”"], "034"),
    ("alert-02", "IT",
     ["Tell it to me", "IT and law", "The I.T. trade", "It rains", "IT-run"], "124"),
    ("alert-03", "ferry", ["Ferry sinks", "FERRY SINKS", "a ferry", "Ferryman found"], "012"),
    ("alert-04", "WHO", ["用WHO标准", "WHO、会議", "WHOが声明", "OMS/WHO talks", "who"], "0123"),
    ("alert-05", "gt.", ["Sie erträgt es", "laut gt. Bericht", "verträgt."], "1"),
    ("alert-06", "Cap d'Agde", ["Cap d’Agde votes", "Cap d'Agde votes", "CAP D’AGDE"], "012"),
    ("alert-07", "Köln", ["Ko\u0308ln plan", "Köln plan", "KÖLN PLAN", "Kolding"], "012"),
    ("alert-08", "İzmir", ["izmir limanı", "İZMİR", "Izm"], "01"),
    ("alert-09", "العربي", ["العربى اليوم", "العَرَبِيّ", "العربي", "العـربي"], "0123"),
    ("alert-12", "no-fly", ["No-fly zone", "No flying", "They fly", "There is no news"], "0"),
    ("alert-14", "arms", ["Army of one", "Arms race", "Armed men", "Small arms law"], "13"),
    # One rule: the form that was typed, with its possessive; a plural is another word.
    ("alert-15", "pilot", ["Pilots strike", "A pilot’s story", "Pilot found", "Pilate"], "12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keyword", "titles", "expected"),
    [pytest.param(*case, id=name) for name, *case in KEYWORDS],
)
def test_a_keyword_finds_whole_words_as_they_were_typed(
    es: Elasticsearch, index_prefix: str, keyword: str, titles: list[Any], expected: str
) -> None:
    assert found(es, index_prefix, from_keywords([keyword]), titles) == expected


QUERIES = [
    (
        "alert-10",
        '"home secretary"',
        [("They came home", "Secretary of state."), ("x", "The home\nsecretary spoke.")],
        "1",
    ),
    ("alert-11", "crane NOT (bird OR lift)", ["Crane falls", "A bird, a crane", "Crane lift"], "0"),
    ("alert-24", "tariff*", ["Tariffs", "Tariffed goods", "Untariffed", "Tariff list"], "013"),
]


@pytest.mark.parametrize(
    ("query", "titles", "expected"), [pytest.param(*case, id=name) for name, *case in QUERIES]
)
def test_a_query_means_what_it_says(
    es: Elasticsearch, index_prefix: str, query: str, titles: list[Any], expected: str
) -> None:
    assert found(es, index_prefix, query, titles) == expected


@pytest.mark.parametrize("query", ["*", "*x", "?", "*:*x"], ids=lambda q: f"alert-24 {q}")
def test_a_star_that_stands_for_everything_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        rewrite(query)


ODD = ["7/7", "B&Q", "F#", "(UNO", "Why:", "c*d?", '"open', "\\", "[a TO b]", "~", "x" * 500_000]


@pytest.mark.parametrize("keyword", ODD, ids=lambda k: f"alert-13 {k[:8]}")
def test_a_keyword_of_any_signs_is_words_or_is_refused_and_harms_no_other(keyword: str) -> None:
    text = watch_text("odd").replace("  query: 'dam'", "  keywords: {any: [KEYWORD]}")
    entry = text.replace("KEYWORD", '"' + keyword.replace("\\", "\\\\").replace('"', '\\"') + '"')
    parsed = watches.parse(watch_text("good") + entry, "w.yaml")
    assert parsed.entries[0].watch.watch_id == "good"
    assert len(parsed.entries) + len(parsed.faults) == 2
    assert all("odd" in fault and len(fault) < 600 for fault in parsed.faults)


def test_keywords_of_signs_find_what_they_say(es: Elasticsearch, index_prefix: str) -> None:
    """alert-13."""
    titles: list[Any] = ["7/7 remembered", "B&Q opens", "F# minor", "Seven of 7"]
    assert found(es, index_prefix, from_keywords(["7/7"]), titles) == "0"
    assert found(es, index_prefix, from_keywords(["B&Q"]), titles) == "1"
    assert found(es, index_prefix, from_keywords(["F#"]), titles) == "2"


@pytest.mark.parametrize("case", ["alert-16", "alert-17"])
def test_a_late_article_is_found_by_the_next_run_and_by_that_alone(desk: Desk, case: str) -> None:
    desk.watch(watch_text(query="ferry"))
    mails = []
    for minute in (0, 15, 30, 45, 60):
        desk.now = NOW + timedelta(minutes=minute)
        if minute == 30:
            desk.article("Ferry sinks", "Off Brenn.", published=desk.now - timedelta(minutes=40))
        mails.append(len(desk.alert()))
    assert mails == [0, 0, 1, 0, 0]


def test_times_of_any_zone_are_one_moment(desk: Desk) -> None:
    """alert-18."""
    desk.watch(watch_text(query="ferry"))
    for hours in (8, 0, -5):
        zone = datetime(2026, 5, 15, 9, 20, tzinfo=UTC) + timedelta(hours=hours)
        offset = f"{zone:%Y-%m-%dT%H:%M:%S}{hours:+03d}:00"
        desk.article("Ferry", f"It sank {hours}.", published=datetime.fromisoformat(offset))
    assert len(desk.alert()) == 3


TITLES = [
    "Ferry sinks\r\nBcc: other@example.org",
    "Ferry\nsinks",
    "Ferry sinks\n",
    "Ferry\x0bsinks",
    "Ferry\u2028sinks\x85now",
    "\u202eFerry\u2066 sinks",
    "Ferry " * 1000,
    "Ferry 🚢👩‍👩‍👧‍👦 sinks",
]


def test_no_headline_adds_a_header_or_a_recipient(desk: Desk) -> None:
    """alert-19."""
    desk.watch(watch_text(query="ferry"))
    for number, title in enumerate(TITLES):
        desk.article(title, f"The ferry of day {number} sank.")
    mails = desk.alert()
    assert len(mails) == len(TITLES)
    for mail in mails:
        assert mail["Bcc"] is None
        assert (mail["To"], mail["Delivered-To"]) == ("desk@example.org", "desk@example.org")
        subject = str(make_header(decode_header(mail["Subject"])))
        assert subject.startswith("[Dams] Ferry")
        assert len(subject) <= 200
        assert not re.search(r"[\r\n\x0b\x85\u2028\u202a-\u202e\u2066-\u2069]", subject)


def test_long_lines_and_every_script_come_through(desk: Desk) -> None:
    """alert-20, alert-21."""
    sentence = ("палата " * 80).strip()
    title = "Ferry : « été » – l’abonnement, Ελλάδα, Київ та інші 日本語 😀 " + "ö" * 120
    desk.watch(watch_text(query="ferry"))
    desk.article(title, f"Ferry {sentence}.")
    [mail] = desk.alert()
    [path] = desk.smtp.outbox.glob("*.eml")
    assert max(len(line) for line in path.read_bytes().split(b"\n")) <= 998
    assert sentence in text_of(mail)
    assert str(make_header(decode_header(mail["Subject"]))) == f"[Dams] {title}"


def test_one_refused_recipient_is_no_one_elses_trouble(desk: Desk) -> None:
    """alert-22."""
    desk.watch(
        watch_text("a", query="ferry", reader="good@example.org"),
        watch_text("b", query="ferry", reader="gone@example.org"),
        watch_text("c", query="ferry", reader="late@example.org"),
    )
    desk.article("Ferry sinks", "A ferry.")
    desk.smtp.refuse = {"gone@example.org": "550 unknown", "late@example.org": "451 later"}
    assert [mail["To"] for mail in desk.alert()] == ["good@example.org"]
    states = {address: state for address, state, _ in desk.deliveries()}
    assert states == {
        "good@example.org": "sent",
        "gone@example.org": "refused",
        "late@example.org": "queued",
    }
    desk.smtp.refuse = {}
    desk.now += timedelta(minutes=5)
    assert [mail["To"] for mail in desk.alert()] == ["late@example.org"]


def test_markup_of_the_outside_is_text(desk: Desk) -> None:
    """alert-23."""
    title = 'B&Q <script>alert(2)</script> "said" [x](javascript:y) ferry'
    body = '<img src=x onerror=alert(1)> A ferry <a href="https://evil.example">Log in</a>.'
    desk.watch(watch_text(query="ferry"))
    desk.article(title, body, url="javascript:alert(1)")
    [mail] = desk.alert()
    html = html_of(mail)
    for sign in ("<script", "<img", 'href="javascript:'):
        assert sign not in html
    links = [link for _, _, link, _ in lxml.html.fromstring(html).iterlinks()]
    assert links == ["mailto:editor@newsdesk.example"]
    assert title in text_of(mail)


def test_each_time_is_shown_with_the_readers_zone(desk: Desk) -> None:
    """alert-25."""
    desk.watch(watch_text(query="ferry", recipient=", zone: Asia/Kolkata"))
    desk.article("Ferry", "It sank.", published=datetime(2026, 5, 15, 9, 0, tzinfo=UTC))
    [mail] = desk.alert()
    assert "15 May 2026, 14:30 IST" in text_of(mail)


def test_a_week_of_pause_is_one_digest(desk: Desk) -> None:
    """schedule-01."""
    wish = ', mode: digest, digest: {times: ["08:00", "18:00"]}'
    desk.watch(watch_text(query="ferry", recipient=wish))
    for day in range(7):
        desk.now = NOW + timedelta(days=day)
        desk.article(f"Ferry {day}", f"Ferry of day {day}.", published=desk.now)
    desk.now = NOW + timedelta(days=7)
    desk.match()
    assert desk.digest() == {"sent": 1}
    assert desk.digest() == {"sent": 0}
    [mail] = desk.smtp.messages()
    assert "7 stories" in mail["Subject"]


@pytest.mark.parametrize("case", ["schedule-02", "schedule-03"])
def test_two_matchers_at_once_on_the_same_articles_mail_each_once(
    desk: Desk, database_url: str, case: str
) -> None:
    desk.watch(watch_text(query="ferry"))
    for number in range(20):
        desk.article(f"Ferry {number}", f"Ferry of line {number}.")
    failures: list[BaseException] = []

    def work() -> None:
        conn = connect(database_url)
        try:
            context = desk.context
            matching.match(Context(conn=conn, settings=context.settings, now=desk.now))
        except BaseException as fault:  # noqa: BLE001 - reported by the test's own thread
            failures.append(fault)
        finally:
            conn.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    desk.match()
    desk.send()
    assert len(desk.matches()) == 20
    assert len(desk.smtp.messages()) == 20


def dag_files() -> list[Path]:
    return sorted((ROOT / "dags").glob("*.py"))


@pytest.mark.parametrize("path", dag_files(), ids=lambda path: f"schedule-04 {path.stem}")
def test_a_task_gives_numbers_and_small_things_to_the_next(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tasks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("task" in ast.dump(d) for d in node.decorator_list)
    ]
    given = {ast.unparse(task.returns) if task.returns else "None" for task in tasks}
    assert given <= {"int", "None", "dict[str, int]", "bool", "str"}


@pytest.mark.parametrize("path", dag_files(), ids=lambda path: f"schedule-05-06 {path.stem}")
def test_no_task_reads_airflows_clock_or_database(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in (
        "data_interval", "logical_date", "execution_date", "DagRun.find", "create_session",
        "provide_session", "settings.Session", "Variable.set",
    ):  # fmt: skip
        assert name not in text
