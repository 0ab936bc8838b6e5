"""The cascade: JSON-LD in all its broken forms, then meta tags, microdata, and the visible page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firsthand.extract import extract_article
from firsthand.model.article import Article, Redistribution

BODY = "".join(
    f"<p>Sentence number {i} of this article goes on for a while, as sentences do in papers.</p>" for i in range(9)
)
URL = "https://paper.example/news/one"


def read(head: str = "", before: str = "", after: str = "", url: str = URL, lang: str = ' lang="en"') -> Article:
    return extract_article(
        f"<html{lang}><head>{head}</head><body>{before}<article>{BODY}</article>{after}</body></html>", url
    )


def ld(text: str | dict[str, Any]) -> str:
    told = text if isinstance(text, str) else json.dumps(text)
    return f'<script type="application/ld+json">{told}</script>'


NODE = '{"@type":"NewsArticle","headline":"One headline","datePublished":"2025-03-08T14:19:00+05:30"}'


@pytest.mark.parametrize(
    "told",
    [
        NODE,
        f"[{NODE}]",
        f'{{"@graph":[{{"@type":"WebSite","name":"Paper"}},{NODE}]}}',
        f'{{"@type":"WebPage","mainEntity":{NODE}}}',
        NODE.replace("}", ",}"),
        f"<!--{NODE}-->",
        f"//<![CDATA[\n{NODE}\n//]]>",
        f"/*<![CDATA[*/{NODE}/*]]>*/",
        NODE.replace('"', "&quot;"),
        NODE.replace("One headline", "One\n\theadline"),
        NODE + NODE.replace("NewsArticle", "VideoObject"),
        NODE.replace('"NewsArticle"', '["Article","NewsArticle"]'),
        NODE.replace('"NewsArticle"', '"https://schema.org/NewsArticle"'),
        NODE.replace('"One headline"', '{"@value":"One headline"}'),
    ],
)
def test_json_ld_in_whatever_form(told: str) -> None:
    article = read(ld(told))
    assert article.headline == "One headline"
    assert article.published is not None
    assert article.published.isoformat() == "2025-03-08T14:19:00+05:30"


@pytest.mark.parametrize(
    "told", ["", "{", "null", "[[[[", '{"@type":"NewsArticle"', "[" * 100_000, '"text"', "{}", "5"]
)
def test_broken_json_ld_is_passed_over(told: str) -> None:
    assert read(ld(told) + '<meta property="og:title" content="From the meta tag">').headline == "From the meta tag"


def test_the_page_s_own_node_is_chosen_among_several() -> None:
    other = {"@type": "NewsArticle", "headline": "Another article", "url": "https://paper.example/news/two"}
    own = {"@type": "NewsArticle", "headline": "Our own", "mainEntityOfPage": {"@id": URL + "?utm_source=x"}}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Listed", "url": URL}]}
    assert read(ld(other) + ld(listed) + ld(own)).headline == "Our own"


@pytest.mark.parametrize(
    ("author", "byline", "agency"),
    [
        ({"@type": "Person", "name": "Ada Quist"}, ("Ada Quist",), None),
        ([{"@type": "Person", "name": "Ada Quist"}, {"name": "Tom Bell"}], ("Ada Quist", "Tom Bell"), None),
        ("By Ada Quist and Tom Bell", ("Ada Quist", "Tom Bell"), None),
        ({"@type": "Person", "name": ["Ada Quist", "Tom Bell"]}, ("Ada Quist", "Tom Bell"), None),
        ([{"name": "Ada Quist"}, {"name": "ada quist"}, {"name": "Ada Quist"}], ("Ada Quist",), None),
        ({"@type": "Person", "name": "Ada Quist, Political Correspondent"}, ("Ada Quist",), None),
        ({"@type": "Person", "name": "Von Jana Petersen"}, ("Jana Petersen",), None),
        ({"@type": "Person", "givenName": "Ada", "familyName": "Quist"}, ("Ada Quist",), None),
        ({"@type": "Organization", "name": "Reuters"}, (), "Reuters"),
        ([{"name": "Ada Quist"}, {"name": "AFP"}], ("Ada Quist",), "AFP"),
        ({"@type": "Person", "name": "The Associated Press"}, (), "The Associated Press"),
        ({"@type": "Organization", "name": "The Paper"}, (), None),
        ({"@type": "Person", "name": "https://paper.example/by/1"}, (), None),
        ({"@type": "Person", "name": "Paper Staff"}, (), None),
        ("MARTA CRUZ SALCEDO", ("Marta Cruz Salcedo",), None),
        ([], (), None),
        (7, (), None),
    ],
)
def test_bylines_are_persons_and_agencies_are_credited(
    author: object, byline: tuple[str, ...], agency: str | None
) -> None:
    site = '<meta property="og:site_name" content="The Paper">'
    article = read(site + ld({"@type": "NewsArticle", "headline": "One headline", "author": author}))
    assert article.byline == byline
    assert article.agency == agency


def test_authors_by_reference() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "One headline", "author": [{"@id": "#p1"}]},
        {"@type": "Person", "@id": "#p1", "name": "Ada Quist"},
    ]
    assert read(ld({"@graph": graph})).byline == ("Ada Quist",)


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ('<meta name="author" content="Ada Quist">', ""),
        (
            '<meta property="article:author" content="https://x.example/ada"><meta name="byl" content="By Ada Quist">',
            "",
        ),
        ("", '<span itemprop="author" itemscope><span itemprop="name">Ada Quist</span></span>'),
        ("", '<p>By <a rel="author" href="/ada">Ada Quist</a></p>'),
        ("", "<ul><li><strong>Datum</strong> 28.04.2023</li><li><strong>Autorin/Autor</strong> Ada Quist</li></ul>"),
        ("", "<dl><dt>Author:</dt><dd>Ada Quist</dd></dl>"),
        ("", "<p>By Ada Quist, Harborview</p>"),
    ],
)
def test_bylines_outside_json_ld(head: str, before: str) -> None:
    assert read(head, before).byline == ("Ada Quist",)


@pytest.mark.parametrize(
    "after",
    [
        "<p>Source: PTI</p>",
        "<p>(With inputs from PTI)</p>",
        "<p>© Copyright 2024 PTI. All rights reserved.</p>",
        "<p>PTI</p>",
    ],
)
def test_agencies_are_credited_after_the_text(after: str) -> None:
    assert read(after=after).agency == "PTI"


@pytest.mark.parametrize(
    "after", ["<p>Photo: picture alliance / dpa</p>", "<p>Read the AP style guide today</p>", "<p>An ap</p>"]
)
def test_who_took_the_picture_did_not_write_the_text(after: str) -> None:
    assert read(after=after).agency is None


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        ('<meta property="article:published_time" content="2025-03-08T14:19:00Z">', "", "2025-03-08T14:19:00+00:00"),
        ('<meta name="date" content="Sat, 08 Mar 2025 14:19:00 +0100">', "", "2025-03-08T14:19:00+01:00"),
        (
            "",
            '<time itemprop="datePublished" datetime="2025-03-08T14:19+01:00">8 March</time>',
            "2025-03-08T14:19:00+01:00",
        ),
        ("", '<time class="published" datetime="2025-03-08 14:19:00">8 March</time>', "2025-03-08T14:19:00"),
        ('<meta name="date" content="2025-03-08T00:00:00">', "", "2025-03-08"),
        ('<meta name="date" content="2025-03-08 14:19 IST">', "", "2025-03-08T14:19:00+05:30"),
        (
            ld('{"@type":"NewsArticle","headline":"x","datePublished":"2025-03-08"}')
            + '<meta property="article:published_time" content="2025-03-08T14:19:00+01:00">',
            "",
            "2025-03-08T14:19:00+01:00",
        ),
    ],
)
def test_times_are_as_precise_as_the_page(head: str, before: str, expected: str) -> None:
    article = read(head, before)
    assert article.published is not None
    assert article.published.isoformat() == expected


@pytest.mark.parametrize(
    ("url", "lang", "offset"),
    [
        ("https://paper.example/1", "en", "+05:30"),
        ("https://paper.in/1", "en", "+05:30"),
        ("https://paper.ie/1", "en", "+01:00"),
        ("https://paper.co.il/1", "he", "+03:00"),
        ("https://paper.example/1", "he", "+03:00"),
    ],
)
def test_ist_is_india_s_unless_the_outlet_is_irish_or_israeli(url: str, lang: str, offset: str) -> None:
    stamp = '<meta name="date" content="2025-07-08 14:19 IST">'
    article = read(stamp, url=url, lang=f' lang="{lang}"')
    assert article.published is not None
    assert article.published.isoformat() == f"2025-07-08T14:19:00{offset}"


def test_a_modification_before_or_at_publication_is_none() -> None:
    stamps = '{"@type":"NewsArticle","datePublished":"2025-03-08T14:19:00Z","dateModified":"2025-03-08T14:19:00Z"}'
    assert read(ld(stamps)).modified is None


@pytest.mark.parametrize(
    ("head", "before", "section"),
    [
        (
            ld(
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [
                        {"@type": "ListItem", "position": 1, "name": "Home"},
                        {"@type": "ListItem", "position": 2, "name": "World"},
                        {"@type": "ListItem", "position": 3, "item": {"name": "Europe"}},
                    ],
                }
            ),
            "",
            ("World", "Europe"),
        ),
        (
            "",
            '<ol class="breadcrumbs"><li><a>Startseite</a></li><li><a>Politik</a></li><li>Land</li></ol>',
            ("Politik", "Land"),
        ),
        (
            "",
            '<div itemscope itemtype="https://schema.org/BreadcrumbList"><span itemprop="name">News</span></div>',
            ("News",),
        ),
        (ld('{"@type":"NewsArticle","headline":"x","articleSection":"World/Europe"}'), "", ("World", "Europe")),
        (ld('{"@type":"NewsArticle","headline":"x","articleSection":["World","Politics"]}'), "", ("World",)),
        ('<meta property="article:section" content="Business">', "", ("Business",)),
        ("", "", ()),
    ],
)
def test_section_paths(head: str, before: str, section: tuple[str, ...]) -> None:
    assert read(head, before).section == section


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Council delays vote | The Paper", "Council delays vote"),
        ("Council delays vote - The Paper", "Council delays vote"),
        ("Council delays vote — paper.example", "Council delays vote"),
        ("The Paper: Council delays vote", "Council delays vote"),
        ("Council delays vote - and the harbor waits", "Council delays vote - and the harbor waits"),
        ("&quot;We wait&quot;, says council &amp;amp; port", '"We wait", says council & port'),
    ],
)
def test_headlines_lose_the_outlet_s_name_and_nothing_else(title: str, headline: str) -> None:
    site = '<meta property="og:site_name" content="The Paper">'
    assert read(f'{site}<meta property="og:title" content="{title}">').headline == headline


def test_the_headline_that_two_agree_on_wins() -> None:
    head = (
        ld('{"@type":"NewsArticle","headline":"For search engines"}')
        + '<meta property="og:title" content="For readers">'
    )
    assert read(head, "<h1>For readers</h1>").headline == "For readers"


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", ' lang="pt_BR"', "pt-BR"),
        ('<meta property="og:locale" content="de_DE">', "", "de-DE"),
        (ld('{"@type":"NewsArticle","headline":"x","inLanguage":"fr"}'), "", "fr"),
        ("", "", "en"),
        ("", ' lang="utf-8"', "en"),
    ],
)
def test_languages_declared_or_detected(head: str, lang: str, language: str) -> None:
    assert read(head, lang=lang).language == language


def test_a_template_s_english_over_another_language_is_overruled() -> None:
    german = "Der Hafen bleibt bis zum Ende der Woche gesperrt, weil der Sturm die Kaimauer beschädigt hat. "
    page = f'<html lang="en"><body><article>{"".join(f"<p>{german}{i}</p>" for i in range(12))}</article></body></html>'
    assert extract_article(page).language == "de"


@pytest.mark.parametrize(
    ("after", "redistribution"),
    [
        ("<p>© 2025 The Paper. All rights reserved.</p>", None),
        ("<p>© 2025 PTI. Republication or redistribution is expressly prohibited.</p>", Redistribution.FORBIDDEN),
        ("<p>© 2025 AP. This material may not be published, broadcast or rewritten.</p>", Redistribution.FORBIDDEN),
        ("<p>© 2025 Blatt. Nachdruck, auch auszugsweise, nicht gestattet.</p>", Redistribution.FORBIDDEN),
        ("<p>© 2025 The Paper. Published under Creative Commons CC BY 4.0.</p>", Redistribution.ALLOWED),
    ],
)
def test_rights_lines(after: str, redistribution: Redistribution | None) -> None:
    rights = read(after=after).rights
    assert rights is not None
    assert rights.line.startswith("© 2025")
    assert rights.redistribution is redistribution


def test_a_photographer_s_mark_is_no_rights_line() -> None:
    assert read(before="<p>© Lena Marsh</p>").rights is None


def test_a_license_link_is_read() -> None:
    rights = read('<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">').rights
    assert rights is None or rights.redistribution is Redistribution.ALLOWED


def test_only_the_article_s_own_paywall_makes_it_partial() -> None:
    assert read(ld('{"@type":"NewsArticle","headline":"x","isAccessibleForFree":false}')).partial
    assert not read(ld('{"@type":"NewsArticle","headline":"x","isAccessibleForFree":"True"}')).partial
    assert not read(ld('{"@type":"NewsArticle","headline":"x"}')).partial


def test_a_home_page_is_nobody_s_canonical_address() -> None:
    assert read('<link rel="canonical" href="https://paper.example/">').canonical_url is None
    assert read('<meta property="og:url" content="/news/one">').canonical_url == "https://paper.example/news/one"
