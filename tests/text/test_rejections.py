"""Pages that are no article, in the default languages, and articles that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mediawatch.model import Rejected
from mediawatch.text.extraction import Page, PageText, extract

SEEN = datetime(2026, 5, 15, 8, tzinfo=UTC)
URL = "https://isle.example/news/ferry-to-sail-twice-a-day-from-june-4711"
FREE = (
    "<p>The ferry will sail twice a day from June, the two councils decided on Thursday evening "
    "after a debate of four hours in the hall above the harbour.</p><p>Shopkeepers had asked for a "
    "third crossing, but the harbour has no second crew for it, and none can be had before the "
    "autumn, the harbour master said on her way home.</p>"
)


def read(body: str, title: str = "Isle News", head: str = "", url: str = URL):
    html = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return extract(Page(html, url), SEEN)


def code(body: str, title: str = "Isle News", head: str = "", url: str = URL) -> str:
    found = read(body, title, head, url)
    return found.code if isinstance(found, Rejected) else "article"


CONSENT = [
    "We and our 1,204 partners store cookies on your device. Accept all. Reject all.",
    "Wir verwenden Cookies und fragen um Ihre Einwilligung. Alle akzeptieren. Alle ablehnen.",
    "Nous et nos 800 partenaires utilisons des cookies. Tout accepter. Continuer sans accepter.",
    "Nosotros y nuestros socios utilizamos cookies. Aceptar todo. Rechazar todo.",
    "Noi e i nostri 500 partner utilizziamo i cookie. Accetta tutto. Rifiuta tutto.",
    "Nós e os nossos parceiros utilizamos cookies. Aceitar tudo. Rejeitar tudo.",
    "Wij en onze partners gebruiken cookies op je apparaat. Alles accepteren. Alles weigeren.",
    "Мы используем файлы cookie на этом сайте. Принять все. Отклонить все.",
    "Ми використовуємо файли cookie на цьому сайті. Прийняти всі. Відхилити всі.",
    "نستخدم ملفات تعريف الارتباط على هذا الموقع. قبول الكل. رفض الكل.",
    "我们使用 Cookie 来改善您的体验。全部接受。全部拒绝。请阅读隐私政策。",
    "当サイトではクッキーを使用しています。すべて受け入れる。すべて拒否。",
]


@pytest.mark.parametrize("text", CONSENT)
def test_consent_walls(text):
    assert code(f"<div class='message'><p>{text}</p></div>") == "consent_wall"
    assert code(f"<article>{FREE * 2}</article><div class='message'><p>{text}</p></div>") == (
        "article"
    )


MISSING = [
    "Page not found", "404 | Isle News", "Seite nicht gefunden", "Page introuvable",
    "Página no encontrada", "Pagina non trovata", "Página não encontrada", "Pagina niet gevonden",
    "Страница не найдена", "Сторінку не знайдено", "الصفحة غير موجودة", "页面不存在",
    "ページが見つかりません", "This article has been removed: no longer available",
]  # fmt: skip
FAULTS = [
    "503 Service Unavailable", "502 Bad Gateway", "Internal Server Error", "Wartungsarbeiten",
    "Site en maintenance", "Error interno del servidor", "Внутренняя ошибка сервера",
]  # fmt: skip
ASIDE = "<p>Try the search above, or go back to where you came from.</p>"


@pytest.mark.parametrize("title", [*MISSING, *FAULTS])
def test_missing_pages_and_faults_of_servers(title):
    assert code(f"<h1>{title}</h1>{ASIDE}", title) == "soft_404"


@pytest.mark.parametrize(
    "text",
    [
        "Just a moment... Checking your browser before you go on.",
        "Please verify you are human by completing the action below.",
        "Access denied. You do not have permission to view this page.",
        "Bitte bestätigen Sie, dass Sie ein Mensch sind.",
        "Vérification de sécurité : confirmez que vous n'êtes pas un robot.",
        "Confirma que no eres un robot para continuar.",
        "Подтвердите, что вы не робот, и нажмите кнопку.",
        "请完成安全验证后继续访问。",
        "ロボットではありませんか。続行するには確認してください。ロボットではありません。",
    ],
)
def test_checks_for_robots(text):
    assert code(f"<p>{text}</p>") == "bot_wall"


PAYWALLS = [
    "This article is for subscribers. Already a subscriber? Log in to read it.",
    "Dieser Artikel ist exklusiv für Abonnenten. Sie sind bereits Abonnent? Jetzt weiterlesen.",
    "Article réservé aux abonnés. Déjà abonné ? Connectez-vous pour lire la suite.",
    "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor? Entra.",
    "Contenuto riservato agli abbonati. Sei già abbonato? Accedi.",
    "Conteúdo exclusivo para assinantes. Já é assinante? Entre.",
    "Dit artikel is alleen voor abonnees. Al abonnee? Log in.",
    "Материал доступен только для подписчиков. Оформите подписку.",
    "Стаття доступна лише для передплатників. Вже є передплата?",
    "هذا المحتوى للمشتركين فقط. سجل الدخول لمتابعة القراءة.",
    "本文仅限订阅用户，登录后继续阅读。",
    "この記事は有料会員限定です。ログインして続きを読む。",
]


@pytest.mark.parametrize("text", PAYWALLS)
def test_before_payment_there_is_nothing_or_the_free_part(text):
    assert code(f"<p>{text}</p>", "Ferry fares rise") == "paywall_empty"
    found = read(f"<article>{FREE}<p>{text}</p></article>", "Ferry fares rise")
    assert isinstance(found, PageText)
    assert "paywalled" in found.flags
    assert text[:12] not in found.body
    assert found.body.endswith("home.")


@pytest.mark.parametrize(
    "head",
    [
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry",'
            '"isAccessibleForFree": "False"}</script>'
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry",'
            '"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": false}}</script>'
        ),
        "<meta property='article:content_tier' content='locked'>",
    ],
)
def test_a_page_may_say_itself_that_it_is_closed(head):
    found = read(f"<article>{FREE}</article>", head=head)
    assert isinstance(found, PageText)
    assert "paywalled" in found.flags
    assert code("<div></div>", head=head) == "paywall_empty"


@pytest.mark.parametrize(
    "text",
    [
        "You need to enable JavaScript to run this app.",
        "Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.",
        "Veuillez activer JavaScript pour continuer.", "Habilite JavaScript para continuar.",
        "Включите JavaScript, чтобы продолжить.", "请启用JavaScript以继续。",
    ],
)  # fmt: skip
def test_pages_behind_scripts(text):
    assert code(f"<noscript>{text}</noscript><div id='root'></div>") == "script_page"


def test_home_and_section_pages():
    links = "".join(
        f"<h3><a href='/news/story-of-the-day-{n}'>The story of the day, number {n}</a></h3>"
        f"<p>What happened on day {n}, told in one sentence for those who are in a hurry.</p>"
        for n in range(15)
    )
    assert code(links, url="https://isle.example/") == "section_page"
    assert code(links, url="https://isle.example/news/local-politics/") == "section_page"
    assert code(f"<h1>Ferry</h1>{FREE * 3}{links}", url=URL) == "article"
    listed = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'
    assert code(f"<p>{FREE}</p>", head=listed) == "section_page"


def test_a_long_text_with_marked_headings_is_no_section():
    parts = "".join(f"<h2>Part {n} <a href='#part-{n}'>#</a></h2><p>{FREE}</p>" for n in range(15))
    assert code(parts, url="https://isle.example/guides/ferries") == "article"


def test_a_film_without_words():
    film = '<script type="application/ld+json">{"@type": "VideoObject", "name": "Ferry"}</script>'
    assert code("<h1>Ferry sails</h1><div class='player'></div>", head=film) == "not_text"
    assert code(f"<h1>Ferry sails</h1><article>{FREE}</article>", head=film) == "article"


@pytest.mark.parametrize(
    "title",
    ["Hiker not found after three days", "Court finds 404 errors no breach", ("Access denied: how"
     " banks close accounts"), "Forbidden fruit sells well", "Are you a robot? A test for poets"],
)  # fmt: skip
def test_articles_whose_headlines_sound_like_notices(title):
    stated = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        f'"2026-05-14", "headline": "{title}"}}</script>'
    )
    assert code(f"<h1>{title}</h1><article>{FREE}</article>", title, stated) == "article"


FLAGS = [
    ("live_blog", "", "https://isle.example/live-updates/storm", "Storm"),
    ("live_blog", "LiveBlogPosting", URL, "Storm"),
    ("live_blog", "", URL, "LIVE: Storm hits the islands"),
    ("gallery", "ImageGallery", URL, "Storm"),
    ("gallery", "", "https://isle.example/fotostrecke/storm-42", "Storm"),
    ("sponsored", "AdvertiserContentArticle", URL, "Storm"),
    ("sponsored", "", "https://isle.example/brand-studio/boots-for-storms", "Storm"),
    ("press_release", "", "https://isle.example/press-releases/boots-42", "Storm"),
]


@pytest.mark.parametrize(("flag", "kind", "url", "title"), FLAGS)
def test_kinds_of_articles_are_kept_and_flagged(flag, kind, url, title):
    stated = f'<script type="application/ld+json">{{"@type": "{kind or "NewsArticle"}"}}</script>'
    found = read(f"<h1>{title}</h1><article>{FREE}</article>", title, stated, url)
    assert isinstance(found, PageText)
    assert flag in found.flags


@pytest.mark.parametrize(
    ("flag", "label"),
    [
        ("sponsored", "Sponsored content"), ("sponsored", "Advertorial"), ("sponsored", "Anzeige"),
        ("sponsored", "Contenu sponsorisé"), ("sponsored", "Contenido patrocinado"),
        ("sponsored", "На правах рекламы"), ("press_release", "Press release"),
        ("press_release", "Pressemitteilung"), ("press_release", "Communiqué de presse"),
        ("press_release", "Nota de prensa"), ("press_release", "Пресс-релиз"),
    ],
)  # fmt: skip
def test_labels_and_sections_flag_an_article(flag, label):
    section = f'<meta property="article:section" content="{label}">'
    found = read(f"<article>{FREE}</article>", head=section)
    assert isinstance(found, PageText)
    assert flag in found.flags
    assert found.body.startswith("The ferry")


def test_a_plain_article_has_no_flag():
    found = read(f"<h1>Ferry to sail twice a day</h1><article>{FREE}</article>", "Ferry")
    assert isinstance(found, PageText)
    assert found.flags == ()


FIELD = [
    pytest.param(
        "<div id='consent'><p>We value your privacy. We and our 731 partners store cookies. Accept "
        "all. Reject all. Manage preferences.</p></div>",
        "consent_wall",
        id="norm-06",
    ),
    pytest.param(
        "<h1>Subscribe to read</h1><p>Join 90,000 islanders who already subscribe. Sharp views "
        "and good data.</p>",
        "paywall_empty",
        id="norm-07",
    ),
]


@pytest.mark.parametrize(("body", "wanted"), FIELD)
def test_walls_met_in_the_field(body, wanted):
    assert code(body, "Subscribe to read | Isle Times" if "Subscribe" in body else "") == wanted


@pytest.mark.parametrize("times", [pytest.param(6, id="norm-08")])
def test_a_page_reads_the_same_whatever_was_read_before(times):
    bodies = set()
    for number in range(times):
        read(f"<article>{FREE * number}</article>")
        found = read(f"<article>{FREE}</article>")
        assert isinstance(found, PageText)
        bodies.add(found.body)
    assert len(bodies) == 1


@pytest.mark.parametrize("hot", [pytest.param("Coup in the capital", id="norm-09")])
def test_links_beside_an_article_are_not_its_text(hot):
    links = f"<aside><h3>More news</h3><ul><li><a href='/x'>{hot}</a></li></ul></aside>"
    found = read(f"<article><h1>School meals cost more</h1>{FREE}</article>{links}")
    assert isinstance(found, PageText)
    assert hot not in found.body
