"""Bylines: who wrote, without all else that a byline says."""

from __future__ import annotations

import json

import pytest
from lxml import html

from mediawatch.text.agency import credit
from mediawatch.text.authors import names, page_authors
from mediawatch.text.metadata import read_metadata


@pytest.mark.parametrize(
    ("line", "people", "agency"),
    [
        ("By A. Smith and B. Jones, Washington", ("A. Smith", "B. Jones"), None),
        ("By JANE DOE and JOHN ROE", ("Jane Doe", "John Roe"), None),
        ("Jane Doe, Political Correspondent, and John Roe", ("Jane Doe", "John Roe"), None),
        ("Jane Doe, John Roe and Mary Major", ("Jane Doe", "John Roe", "Mary Major"), None),
        ("Jane Doe | Staff Writer", ("Jane Doe",), None),
        ("Jane Doe Contributor", ("Jane Doe",), None),
        ("Jane Doe for The Daily", ("Jane Doe",), None),
        ("Jane Doe in Berlin", ("Jane Doe",), None),
        ("Jane Doe @janedoe", ("Jane Doe",), None),
        ("Jane Doe 5 hours ago", ("Jane Doe",), None),
        ("Jane Doe, May 14, 2026", ("Jane Doe",), None),
        ("Jane Doe and agencies", ("Jane Doe",), None),
        ("Reporting by Jane Doe; Editing by John Roe", ("Jane Doe",), None),
        ("Smith, Anna", ("Anna Smith",), None),
        ("Jane Doe (AP)", ("Jane Doe",), "AP"),
        ("Jane Doe/AFP", ("Jane Doe",), "AFP"),
        ("By Jane Doe, Associated Press", ("Jane Doe",), "AP"),
        ("Par Jean Dupont (avec AFP)", ("Jean Dupont",), "AFP"),
        ("AFP with Reuters", (), "AFP"),
        ("Reuters Staff", (), "Reuters"),
        ("Von Max Muster und Erika Muster, Berlin", ("Max Muster", "Erika Muster"), None),
        ("Text: Max Muster, Fotos: Eva Bild", ("Max Muster",), None),
        ("Por Juan Pérez y María López", ("Juan Pérez", "María López"), None),
        ("Иван Петров и Анна Сидорова, Москва", ("Иван Петров", "Анна Сидорова"), None),
        ("本报记者 李明 王芳", ("李明", "王芳"), None),
        ("记者：李明", ("李明",), None),
        ("Ludwig van Beethoven", ("Ludwig van Beethoven",), None),
        ("Charles de Gaulle", ("Charles de Gaulle",), None),
        ("Dr. Jane Doe, MD", ("Dr. Jane Doe",), None),
    ],
)
def test_a_byline_is_people_and_an_agency(line, people, agency):
    assert credit("x", names([line])) == (agency, people)


@pytest.mark.parametrize(
    "line",
    ["Staff", "Staff Reporter", "The Editorial Board", "Web Desk", "News Desk", "Our Correspondent",
     "Daily Mail Reporter", "Redaktion", "Редакция", "By Agencies", "admin", "unknown", "Anonymous",
     "Guest Author", "By", "Sponsored by Acme", "Getty Images", "iStockphoto", "desk@isle.example",
     "https://isle.example/authors/jane"],
)  # fmt: skip
def test_who_is_no_person(line):
    assert names([line]) == ()


def test_the_site_is_its_own_author_only_where_no_other_is_named():
    def read(*people: str) -> tuple[str, ...]:
        stated = {
            "@type": "NewsArticle",
            "author": [{"name": name} for name in people],
            "publisher": {"name": "Isle News"},
        }
        page = f'<script type="application/ld+json">{json.dumps(stated)}</script><p>x</p>'
        return page_authors(read_metadata(html.document_fromstring(page)))

    assert read("Isle News", "Jane Doe") == ("Jane Doe",)
    assert read("The Isle Post") == ("The Isle Post",)
