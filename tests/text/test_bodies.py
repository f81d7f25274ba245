"""The body of a page: what is text, what is furniture around it, and what found it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mediawatch.text.extraction import Page, PageText, extract
from mediawatch.text.phrases import is_furniture, without_furniture

SEEN = datetime(2026, 5, 15, 8, tzinfo=UTC)
TEXT = [
    "The ferry will sail twice a day from June, the two councils decided on Thursday evening.",
    "Shopkeepers had asked for a third crossing, but the harbour has no second crew for it.",
    "“We will look at it again in the autumn,” said the harbour master, on her way home.",
    "The fare stays at four crowns, and children under ten sail for nothing, as they always did.",
]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT)


def read(body: str, head: str = "") -> PageText:
    html = f"<html><head><title>Ferry</title>{head}</head><body>{body}</body></html>"
    found = extract(Page(html, "https://isle.example/a/1"), SEEN)
    assert isinstance(found, PageText), found
    return found


def lines(body: str, head: str = "") -> list[str]:
    return read(body, head).body.split("\n\n")


BOXES = [
    "<div class='related-stories'><p>A storm took the old lighthouse down last winter.</p></div>",
    "<aside class='newsletter-signup'><p>A letter each Friday, for nothing.</p></aside>",
    "<div class='article__shareBar'><span>Send this to a friend of yours</span></div>",
    "<figure><figcaption>The ferry in the harbour on Monday</figcaption></figure>",
    "<p class='by-line'>Jane Doe, harbour correspondent of this paper</p>",
    "<div role='dialog'><p>This site stores small files on your device, as all do.</p></div>",
    "<ul>" + "".join(f"<li><a href='/{n}'>Of the year {n}</a></li>" for n in range(9)) + "</ul>",
    "<section id='comments'><p>I never liked it, said a reader from the north.</p></section>",
]  # fmt: skip


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("place", ["before", "inside", "after"])
def test_boxes_around_and_inside_an_article_are_left_out(box, place):
    first, *others = TEXT
    inner = box if place == "inside" else ""
    article = f"<article><p>{first}</p>{inner}" + "".join(f"<p>{t}</p>" for t in others)
    page = {
        "before": f"{box}{article}</article>",
        "inside": f"{article}</article>",
        "after": f"{article}</article>{box}",
    }[place]
    assert lines(page) == TEXT


@pytest.mark.parametrize("name", ["paywall", "has-comments", "article-related", "subscribe-only"])
def test_a_name_that_all_the_text_bears_is_no_box(name):
    assert lines(f"<article class='{name}'>{PARAGRAPHS}</article>") == TEXT
    marked = PARAGRAPHS.replace("<p>", f"<p class='{name}'>")
    assert lines(f"<article>{marked}</article>") == TEXT


def test_a_text_cut_into_equal_boxes_is_read_whole():
    other = [line.replace("ferry", "bridge") + " So it was said in the hall." for line in TEXT]
    boxes = "".join(
        f"<div class='body__inner'><div class='box'>{part}</div></div><div class='ad'>buy</div>"
        for part in (PARAGRAPHS, "".join(f"<p>{line}</p>" for line in other))
    )
    assert lines(f"<div id='page'>{boxes}</div>") == TEXT + other


def test_the_text_that_a_page_states_wins_where_it_shows_only_a_part():
    whole = "\\n\\n".join(TEXT)
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry",'
        f'"articleBody": "{whole}"}}</script>'
    )
    found = read(f"<article><p>{TEXT[0]}</p></article>", stated)
    assert found.body.split("\n\n") == TEXT
    assert found.extractor == "page:json-ld"


def test_a_stated_text_that_is_another_one_is_not_believed():
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "'
        + "Cookies are small files. We keep them as long as the law lets us keep such files. " * 20
        + '"}</script>'
    )
    assert lines(f"<article>{PARAGRAPHS}</article>", stated) == TEXT


def test_lists_quotations_and_subheadings_stay_apart():
    body = (
        f"<article><p>{TEXT[0]}</p><h2>What it costs</h2><p>{TEXT[1]}</p><ul><li>Four crowns for"
        f" all who are older</li><li>Nothing for children</li></ul><blockquote>{TEXT[2]}"
        f"</blockquote><p>{TEXT[3]}</p></article>"
    )
    found = lines(body)
    assert found[1] == "What it costs"
    assert found[3:5] == ["- Four crowns for all who are older", "- Nothing for children"]
    assert found[5:] == TEXT[2:]


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The lighthouse that fell", "READ ALSO – The lighthouse that fell",
        "Sign up for our weekly letter from the islands", "Follow us on Instagram and X",
        "CLICK HERE TO GET THE ISLE APP", "© 2026 Isle News. All rights reserved.",
        "Advertisement", "Tags: ferry, harbour", "Photo: Jane Doe / Isle News",
        "Lesen Sie auch: Der Leuchtturm fiel", "Folgen Sie uns auf Instagram", "Anzeige",
        "À lire aussi : Le phare est tombé", "Abonnez-vous à notre lettre",
        "Lea también: Cayó el faro", "Suscríbete a nuestro boletín",
        "Leggi anche: È caduto il faro", "Iscriviti alla newsletter",
        "Leia também: O farol caiu", "Clique aqui para receber as notícias",
        "Lees ook: De vuurtoren viel", "Schrijf je in voor de nieuwsbrief",
        "Читайте также: Маяк упал", "Подпишитесь на наш канал",
        "Читайте також: Маяк впав", "اقرأ أيضاً: سقوط المنارة", "相关阅读：灯塔倒塌",
        "関連記事：灯台が倒れた", "Updated: 14 May 2026, 10:12", "Aktualisiert am 14.05.2026",
        "John Roe contributed to this report.", "Lire la suite…", "Weiterlesen ...",
    ],
)  # fmt: skip
def test_lines_that_are_no_text(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read more than one paper a day, the minister said.", "Related costs rose by a tenth.",
        "He asked readers to sign up for the newsletter of the party.", "Share prices fell.",
        "Updated figures show that 30 people were on board.", "Published 1984, it sold well.",
        "Tags and stickers were found in the car.", "Copies of the photo: he burnt them all.",
        "Mehr zum Leben braucht er nicht.", "Más información llegó por la tarde a la redacción.",
        "The comments were moderated in tone.", "Follow the money, he said.", "На рекламу ушло.",
    ],
)  # fmt: skip
def test_sentences_that_only_begin_like_furniture_stay(line):
    assert not is_furniture(line)


def test_what_a_pointer_announces_goes_with_it():
    text = [*TEXT, "More from Isle News", "The lighthouse that fell", "Who owns the harbour"]
    assert without_furniture(text) == TEXT
    middle = [*TEXT[:2], "Read more", "The lighthouse that fell", *TEXT[2:]]
    assert without_furniture(middle) == TEXT


def test_who_reported_goes_only_at_the_end():
    begun = "Reporting by the islands' only paper showed that the ferry was never insured at all."
    ended = "(Reporting by Jane Doe; Editing by John Roe)"
    assert without_furniture([begun, *TEXT, *TEXT, ended]) == [begun, *TEXT, *TEXT]


def test_a_text_made_of_such_lines_is_left_as_it_is():
    assert without_furniture(["Click here to vote", "Tags: vote"]) == [
        "Click here to vote", "Tags: vote",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + " ".join(TEXT) + "</div>" * 5000,
        "<html><body>" + "<div><p><span class='ad'>" * 3000 + " ".join(TEXT),
        "<ul><li><a href='/x'>" * 3000 + " ".join(TEXT),
        "<p class='related'>" + "<a href='/x'>link</a> " * 20_000 + "</p>" + PARAGRAPHS,
    ],
)
def test_pages_made_to_hang_are_answered(html):
    assert extract(Page(html, "https://isle.example/a/1"), SEEN) is not None
