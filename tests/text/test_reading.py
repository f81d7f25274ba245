"""Seeds, feed markup, languages, event dates, agencies, bylines, headlines."""

from __future__ import annotations

from datetime import date

import pytest

from mediawatch.model import NO_DATE
from mediawatch.settings import LANGUAGES
from mediawatch.text.agency import credit
from mediawatch.text.authors import names
from mediawatch.text.dates import day
from mediawatch.text.happening import happened
from mediawatch.text.headlines import without_prefix, without_site
from mediawatch.text.language import detect
from mediawatch.text.markup import visible_text
from mediawatch.text.paragraphs import first_sentence
from mediawatch.text.seed import read_seed

SEED = """ date 2026-03-19 The leaders of the two islands met on Thursday (18) and agreed to share \
the ferry. Nothing else was decided.

Talks go on in May.
"""


# --- seeds -----------------------------------------------------------------------------


def test_the_header_of_a_seed_is_its_date_and_nothing_else():
    seed = read_seed(SEED)
    assert seed.published.local_date == date(2026, 3, 19)
    assert (seed.published.precision, seed.published.origin) == ("day", "seed header")
    assert seed.title == (
        "The leaders of the two islands met on Thursday (18) and agreed to share the ferry."
    )
    assert seed.body.split("\n\n")[1:] == ["Talks go on in May."]
    assert "2026" not in seed.title + seed.body
    assert seed.flags == ("derived_title",)


def test_a_seed_of_a_day_that_does_not_exist_is_kept_without_date():
    seed = read_seed(" date 2026-02-31 The ferry sailed. It was late.")
    assert seed.published.value is None
    assert seed.published.raw == "2026-02-31"
    assert seed.flags == ("derived_title", "invalid_date")
    assert seed.body == "The ferry sailed. It was late."


def test_a_seed_needs_no_header():
    seed = read_seed("Date 2026 was set for the vote. date 2026-01-01 is no header here.")
    assert seed.published == NO_DATE
    assert seed.body.startswith("Date 2026 was set")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("Mr. Doe of the U.S. Senate left. He was tired.", "Mr. Doe of the U.S. Senate left."),
        ("“It is over.” He left.", "“It is over.”"),
        ("大统领辞职。他离开了。", "大统领辞职。"),
        ("No end here", "No end here"),
    ],
)
def test_first_sentence(body, wanted):
    assert first_sentence(body) == wanted


# --- feed markup -----------------------------------------------------------------------


def test_markup_becomes_what_a_reader_would_see():
    html = (
        "<style>p{}</style><p>Tea &amp; toast &lt;cheap&gt;</p><script>track()</script>"
        "<ul><li>One</li><li>Two</li></ul>Loose<br>line<br/><br/>New paragraph"
    )
    assert visible_text(html).split("\n\n") == [
        "Tea & toast <cheap>", "One", "Two", "Loose line", "New paragraph",
    ]  # fmt: skip


def test_plain_text_is_no_markup():
    assert visible_text("3 < 5 and 7 > 2\n\nAT&amp;T") == "3 < 5 and 7 > 2\n\nAT&T"


def test_nesting_beyond_the_parser_loses_no_text():
    assert "the end" in visible_text("<div>" * 5000 + "the end" + "</div>" * 5000)


# --- languages -------------------------------------------------------------------------

TEXTS = {
    "en": "The council voted on Tuesday to close the old bridge for a year of repairs.",
    "fr": "Le conseil a voté mardi la fermeture du vieux pont pour un an de travaux.",
    "de": "Der Rat beschloss am Dienstag, die alte Brücke für ein Jahr zu sperren.",
    "es": "El consejo votó el martes cerrar el puente viejo durante un año por obras.",
    "it": "Il consiglio ha votato martedì la chiusura del vecchio ponte per un anno.",
    "pt": "A câmara votou na terça-feira o encerramento da ponte velha durante um ano.",
    "nl": "De raad besloot dinsdag de oude brug een jaar te sluiten voor herstel.",
    "ar": "صوّت المجلس يوم الثلاثاء على إغلاق الجسر القديم لمدة عام من أجل الإصلاح.",
    "ru": "Совет проголосовал во вторник за закрытие старого моста на год для ремонта.",
    "uk": "Рада у вівторок проголосувала за закриття старого мосту на рік для ремонту.",
    "zh": "市议会星期二投票决定关闭旧桥一年进行维修。",
    "ja": "市議会は火曜日、修理のため古い橋を一年間閉鎖することを決めた。",
}
OTHERS = [
    "Rådet röstade på tisdagen för att stänga den gamla bron i ett år för reparationer.",
    "Rada zagłosowała we wtorek za zamknięciem starego mostu na rok z powodu remontu.",
    "Consiliul a votat marți închiderea podului vechi timp de un an pentru reparații.",
    "Meclis salı günü eski köprünün onarım için bir yıl kapatılmasına karar verdi.",
    "Съветът гласува във вторник за затварянето на стария мост за една година за ремонт.",
    "Το συμβούλιο ψήφισε την Τρίτη το κλείσιμο της παλιάς γέφυρας για ένα χρόνο.",
    "시의회는 화요일에 낡은 다리를 일 년간 폐쇄하기로 결정했다.",
]


@pytest.mark.parametrize("language", TEXTS)
def test_each_configured_language_is_known(language):
    assert detect(TEXTS[language], LANGUAGES) == language


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_not_guessed(text):
    assert detect(text, LANGUAGES) == "und"


@pytest.mark.parametrize(
    ("text", "hint"),
    [("UN: 212 DEAD", "en"), ("Scholz in Kiel", "de"), ("東京物語", "ja"), ("2026: 1,5%", "fr-CH")],
)
def test_what_the_source_declares_decides_short_texts(text, hint):
    found = {detect(text, LANGUAGES, hint) for _ in range(20)}
    assert found == {hint[:2]}


def test_a_long_text_is_believed_more_than_what_is_declared():
    assert detect(TEXTS["fr"] * 5, LANGUAGES, "en") == "fr"


def test_nothing_to_read_is_no_language():
    assert detect("1234 — 5678", LANGUAGES) == "und"


# --- what the text says of its day -----------------------------------------------------


@pytest.mark.parametrize(
    ("language", "body", "wanted", "flags"),
    [
        ("en", "They met on Thursday (18) and left.", date(2026, 3, 18), ("weekday_mismatch",)),
        ("en", "They met on Wednesday (18) and left.", date(2026, 3, 18), ()),
        ("en", "They met on Monday.", date(2026, 3, 16), ()),
        ("en", "They met on Thursday.", date(2026, 3, 19), ()),
        ("en", "They met yesterday.", date(2026, 3, 18), ()),
        ("en", "They met last Monday, as every Friday.", None, ()),
        ("en", "They met.\n\nOn Monday it rained.", None, ()),
        ("de", "Sie trafen sich am Montag.", date(2026, 3, 16), ()),
        ("fr", "Ils se sont réunis mercredi (18).", date(2026, 3, 18), ()),
        ("es", "Se reunieron ayer.", date(2026, 3, 18), ()),
    ],
)
def test_event_dates(language, body, wanted, flags):
    published = day(date(2026, 3, 19), raw="", origin="seed header")
    found = happened(body, language, published)
    assert (found.local_date, found.flags) == (wanted, flags)


def test_without_a_date_of_publication_a_weekday_says_nothing():
    assert happened("They met on Monday.", "en", NO_DATE) == NO_DATE


# --- credits, bylines, headlines -------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "agency"),
    [
        ("GENEVA, March 18 (Reuters) - The talks ended.", "Reuters"),
        ("Berlin (dpa/lsw) - Die Brücke bleibt zu.", "dpa"),
        ("PARIS (AFP) — Le pont est fermé.", "AFP"),
        ("The bridge is closed. (AP)", "AP"),
        ("The members of the party (AP) met.", None),
        ("The bridge is closed.", None),
    ],
)
def test_agency_of_a_text(body, agency):
    assert credit(body, ())[0] == agency


def test_agencies_and_desks_are_no_authors():
    assert credit("x", ("Jane Doe", "Reuters Staff")) == ("Reuters", ("Jane Doe",))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["By Jane Doe and John Roe, Washington"], ("Jane Doe", "John Roe")),
        (["Jane Doe, John Roe"], ("Jane Doe", "John Roe")),
        (["Jane Doe", "jane doe"], ("Jane Doe",)),
        (["Jane Doe; John Roe"], ("Jane Doe", "John Roe")),
        (["Jane Doe, Senior Correspondent"], ("Jane Doe",)),
        (["jane.doe@daily.example (Jane Doe)"], ("Jane Doe",)),
        (["https://daily.example/authors/jane"], ()),
        (["jane-doe"], ("Jane Doe",)),
        (["Von Max Muster"], ("Max Muster",)),
    ],
)
def test_bylines_become_names(given, wanted):
    assert names(given) == wanted


def test_the_name_of_the_site_is_no_part_of_a_headline():
    assert without_site("Bridge closed | The Daily", {"the daily"}, []) == "Bridge closed"
    assert without_site("Bridge closed - news", {"x"}, ["Bridge closed"]) == "Bridge closed"
    assert without_site("Bridge - closed", {"the daily"}, []) == "Bridge - closed"


def test_marks_of_wire_services_become_a_flag():
    assert without_prefix("UPDATE 2-Bridge closed") == ("Bridge closed", ("headline_prefix",))
    assert without_prefix("Update on the bridge") == ("Update on the bridge", ())
