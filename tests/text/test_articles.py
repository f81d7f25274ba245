"""From a raw entry and its page to an article, or to the reason why there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mediawatch.model import Article, RawEntry, Rejected
from mediawatch.settings import LANGUAGES
from mediawatch.text.extraction import Page
from mediawatch.text.normalize import article, text_hash

SEEN = datetime(2026, 5, 15, 8, tzinfo=UTC)
TEASER = "The ferry between the islands will sail twice a day from June."
PARAGRAPHS = [
    "The ferry will sail twice a day from June, the two councils decided on Thursday evening.",
    "Shopkeepers had asked for a third crossing, but the harbour has no second crew for it.",
    "“We will look at it again in the autumn,” said the harbour master, on her way home.",
]


def entry(**fields) -> RawEntry:
    known = {"entry_id": "e", "source_id": "s", "item_key": "k", "fetched_at": SEEN, **fields}
    return RawEntry(**known)


def page(body: str = "", head: str = "", url: str | None = "https://isle.example/a/1") -> Page:
    text = body or "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return Page(
        f"<html><head>{head}</head><body><article><h1>Ferry to sail twice a day</h1>{text}"
        "</article><aside><h3>More</h3><ul><li><a href='/x'>Missile test at sea</a></li>"
        "<li><a href='/y'>List of sanctions grows</a></li></ul></aside>"
        "<footer>© 2019-2024 Isle News</footer></body></html>",
        url,
    )


def made(raw: RawEntry, behind: Page | None = None, **options) -> Article | Rejected:
    return article(raw, behind, languages=LANGUAGES, **options)


def kept(raw: RawEntry, behind: Page | None = None, **options) -> Article:
    found = made(raw, behind, **options)
    assert isinstance(found, Article), found
    return found


def test_the_page_wins_where_it_is_fuller():
    found = kept(entry(title="Ferry", summary=TEASER, url="https://isle.example/a/1"), page())
    assert found.extractor == "page:trafilatura"
    assert found.body.split("\n\n") == PARAGRAPHS
    assert found.title == "Ferry to sail twice a day"
    assert "Missile" not in found.body


def test_the_feed_wins_where_it_is_fuller():
    content = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    found = kept(entry(title="Ferry", content=content), page(f"<p>{PARAGRAPHS[0]}</p>"))
    assert found.extractor == "feed"
    assert found.body.split("\n\n") == PARAGRAPHS


def test_furniture_of_feeds_is_left_out():
    content = f"<p>{TEASER}</p><p>The post <a>Ferry</a> appeared first on <a>Isle</a>.</p>"
    assert kept(entry(title="Ferry", content=content)).body == TEASER


def test_a_consent_wall_is_never_stored_as_text():
    wall = Page(
        "<html><body><div><p>We value your privacy. We and our 1,204 partners store cookies and "
        "use analytics to improve our services. Accept all. Reject all. Manage preferences.</p>"
        "</div></body></html>",
        "https://isle.example/a/1",
    )
    found = kept(entry(title="Ferry", summary=TEASER), wall)
    assert found.body == TEASER
    assert "teaser_only" in found.flags
    alone = made(entry(content_type="page", url="https://isle.example/a/1"), wall)
    assert isinstance(alone, Rejected)
    assert alone.code == "consent_wall"


def test_behind_a_paywall_headline_and_summary_of_the_feed_stay():
    closed = Page(
        "<html><head><title>Subscribe to read | Isle Times</title></head><body><h1>Subscribe to "
        "read</h1><p>Join 40,000 islanders who already subscribe. Sharp insights and data.</p>"
        "</body></html>",
        "https://isle.example/a/1",
    )
    found = kept(entry(title="Ferry fares rise", summary=TEASER), closed)
    assert (found.title, found.body) == ("Ferry fares rise", TEASER)
    assert "paywalled" in found.flags


MISSING = "<title>404 - Page not found</title><h1>Page not found</h1><p>It does not exist.</p>"
ROBOTS = (
    "<title>Just a moment...</title><p>Checking your browser before accessing isle.example.</p>"
)
SECTION = f"<title>Isle News</title><h2><a href='/a'>One</a></h2><p>{TEASER}</p>"
SCRIPTS = "<title>Isle</title><noscript>You need to enable JavaScript.</noscript><div id=a></div>"
URL = "https://isle.example/a/1"


@pytest.mark.parametrize(
    ("code", "html", "url"),
    [
        ("soft_404", MISSING, URL),
        ("bot_wall", ROBOTS, URL),
        ("section_page", SECTION, "https://isle.example/"),
        ("script_page", SCRIPTS, URL),
        ("empty", "", URL),
        ("not_text", b"%PDF-1.7\n%\xe2\xe3", URL),
        ("not_text", b"\x89PNG\r\n\x1a\n\x00\x00", URL),
    ],
)
def test_what_is_no_article_has_its_code(code, html, url):
    whole = html if isinstance(html, bytes) else f"<html><body>{html}</body></html>"
    found = made(entry(content_type="page", url=url), Page(whole, url))
    assert isinstance(found, Rejected)
    assert found.code == code


def test_an_article_about_cookies_is_one():
    text = "".join(
        f"<p>{p} The law on cookie consent lets readers reject all or accept all.</p>"
        for p in PARAGRAPHS * 2
    )
    assert kept(entry(content_type="page", url="https://isle.example/a/1"), page(text)).body


def test_the_address_of_the_amp_page_leads_to_the_article():
    amp = page(
        head="<link rel='canonical' href='https://isle.example/politics/42'>",
        url="https://isle.example/amp/politics/42?utm_source=x",
    )
    found = kept(entry(title="Ferry", url="https://isle.example/amp/politics/42"), amp)
    assert found.url == "https://isle.example/politics/42"
    assert found.key == "isle.example/politics/42"


@pytest.mark.parametrize("canonical", ["https://isle.example/", "https://other.example/a"])
def test_an_implausible_canonical_address_is_not_believed(canonical):
    found = kept(
        entry(title="Ferry", url="https://isle.example/a/1"),
        page(head=f"<link rel='canonical' href='{canonical}'>"),
    )
    assert found.url == "https://isle.example/a/1"


def test_a_date_in_the_footer_is_no_date():
    assert (
        kept(entry(title="Ferry", url="https://isle.example/a/1"), page()).published.value is None
    )
    feed = entry(title="Ferry", url="https://isle.example/a/1", published="2026-05-14T08:00:00Z")
    assert kept(feed, page()).published.value == datetime(2026, 5, 14, 8, tzinfo=UTC)


def test_a_number_in_an_address_is_no_date():
    number = Page(
        f"<html><body><p>Advisory 2024-17</p><p>{PARAGRAPHS[1]}</p></body></html>",
        "https://isle.example/advisories/isa2024-17/",
    )
    found = kept(entry(title="Advisory", url=number.url), number)
    assert found.published.value is None


def test_what_the_page_states_is_used_and_conflicts_are_flagged():
    stated = page(
        head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry to '
        'sail", "datePublished": "2026-05-14T08:30:00+02:00", "dateModified": '
        '"2026-05-14T10:00:00Z", "author": [{"name": "Jane Doe"}, {"name": "AFP"}]}</script>'
    )
    found = kept(
        entry(title="Ferry", url=stated.url, published="Mon, 04 May 2026 10:00:00 GMT"), stated
    )
    assert found.published.value == datetime(2026, 5, 14, 6, 30, tzinfo=UTC)
    assert found.published.origin == "json-ld datePublished"
    assert found.modified.value == datetime(2026, 5, 14, 10, tzinfo=UTC)
    assert "date_conflict" in found.flags
    assert (found.authors, found.agency) == (("Jane Doe",), "AFP")


def test_broken_statements_of_a_page_harm_nothing():
    broken = page(
        head='<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        '"9999-99-99T99:99", "author": [[{"name": {}}]], }</script>'
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script>"
        "<meta property='article:published_time' content='31 February'>"
    )
    assert kept(entry(title="Ferry", url=broken.url), broken).published.value is None


def test_the_same_page_gives_the_same_article_every_time():
    raw = entry(title="Ferry", url="https://isle.example/a/1")
    assert len({kept(raw, page()).text_hash for _ in range(6)}) == 1
    assert len({kept(raw, page()).body for _ in range(6)}) == 1


def test_a_seed_is_an_article_without_address():
    found = kept(
        entry(
            content_type="seed",
            content=" date 2026-05-14 The ferry sailed on Thursday (13). All were glad.",
        )
    )
    assert (found.url, found.key, found.outlet, found.authors) == (None, None, None, ())
    assert found.published.local_date == date(2026, 5, 14)
    assert found.event_date.local_date == date(2026, 5, 13)
    assert set(found.flags) == {"derived_title", "weekday_mismatch"}
    assert found.extractor == "seed"
    bare = kept(
        entry(content_type="seed", content="The ferry sailed on Thursday (13). All were glad.")
    )
    assert found.text_hash == bare.text_hash


def test_a_seed_of_blanks_is_rejected():
    found = made(entry(content_type="seed", content=" date 2026-05-14 \n\u200b\n"))
    assert isinstance(found, Rejected)
    assert found.code == "empty"


def test_a_headline_alone_is_an_article():
    found = kept(entry(title="Ferry to sail twice a day", url="https://isle.example/a/1"))
    assert (found.title, found.body) == ("Ferry to sail twice a day", "")


def test_a_text_alone_gets_its_first_sentence_as_title():
    found = kept(entry(content=f"<p>{TEASER} It was late.</p>"))
    assert found.title == TEASER
    assert "derived_title" in found.flags


def test_the_hash_is_of_words():
    assert text_hash("The Ferry — sails.\n\nTwice") == text_hash("the ferry sails “twice”")
    assert text_hash("The ferry sails") != text_hash("The ferry sailed")


def test_a_page_in_another_charset_is_read():
    html = "<html><head><meta charset='koi8-r'></head><body><p>" + "Совет решил. " * 30 + "</p>"
    found = kept(
        entry(content_type="page", url="https://isle.example/a/1"),
        Page(html.encode("koi8-r"), "https://isle.example/a/1"),
    )
    assert found.body.startswith("Совет решил.")
    assert found.language == "ru"


def test_what_a_page_says_of_its_outlet_is_kept():
    stated = page(head='<meta property="og:site_name" content="Isle News">')
    found = kept(entry(title="Ferry", url=stated.url), stated)
    assert (found.outlet, found.outlet_name, found.outlet_country) == (
        "isle.example", "Isle News", None,
    )  # fmt: skip
    home = page(url="https://www.isle-news.co.uk/a/1")
    assert kept(entry(title="Ferry", url=home.url), home).outlet_country == "GB"
    sold = page(
        url="https://isle.tv/a/1",
        head='<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"name": '
        '"Isle TV", "address": {"addressCountry": "IS"}}}</script>',
    )
    found = kept(entry(title="Ferry", url=sold.url), sold)
    assert (found.outlet_name, found.outlet_country) == ("Isle TV", "IS")


@pytest.mark.parametrize("name", ["https://isle.example", "Home page", "Ferry to sail", "x" * 80])
def test_what_is_no_name_of_an_outlet_is_not_kept(name):
    stated = page(
        head=f'<meta property="og:site_name" content="{name}">'
        '<meta property="og:title" content="Ferry to sail">'
    )
    assert kept(entry(title="Ferry", url=stated.url), stated).outlet_name is None


def test_the_kind_of_a_page_is_flagged_also_where_the_feed_is_fuller():
    content = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    short = Page(
        "<html><head><title>Ferry</title></head><body><article><p>" + PARAGRAPHS[0] + "</p>"
        "</article></body></html>",
        "https://isle.example/advertorial/ferry",
    )
    found = kept(entry(title="Ferry", content=content, url=short.url), short)
    assert (found.extractor, found.flags) == ("feed", ("sponsored",))


def test_appeals_under_an_item_of_a_feed_are_left_out():
    content = "".join(f"<p>{p}</p>" for p in [*PARAGRAPHS, "Sign up for our weekly letter"])
    assert kept(entry(title="Ferry", content=content)).body.split("\n\n") == PARAGRAPHS
