"""What a careful reader frowned at on real pages, each kind once more in a page of our own."""

from __future__ import annotations

import json
from datetime import date

import pytest

from firsthand.extract import extract_article
from firsthand.extract.dateline import read_dateline
from firsthand.model.article import Article, BlockKind, Dateline, Redistribution

URL = "https://paper.example/politics/one"
SENTENCES = [
    f"Paragraph {number} of this report goes on for a while, as paragraphs in papers do, and ends with a full stop."
    for number in range(6)
]
BODY = "".join(f"<p>{text}</p>" for text in SENTENCES)


def read(
    inside: str = BODY, *, head: str = "", before: str = "", after: str = "", title: str = "A report", url: str = URL
) -> Article:
    return extract_article(
        f'<html lang="en"><head><title>{title}</title>{head}</head><body>{before}<main><article><h1>A report</h1>'
        f'<div class="body">{inside}</div></article></main>{after}</body></html>',
        url,
    )


def blocks(article: Article, kind: BlockKind) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks if block.kind is kind]


def captions(article: Article) -> list[str]:
    return [block.caption for block in article.blocks if block.kind is BlockKind.IMAGE]


# Words that run together or are lost


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ("The wall in 2021<span>Photo: Lena Marsh</span>", "The wall in 2021 Photo: Lena Marsh"),
        ("The wall at dusk.<cite>Lena Marsh/CNA</cite>", "The wall at dusk. Lena Marsh/CNA"),
        ("<span>The wall</span><span>© Lena Marsh</span>", "The wall © Lena Marsh"),
        ("The wall (<span> Image: CNA </span>)", "The wall (Image: CNA)"),
        ("<span class='visually-hidden'>Caption:</span> The wall", "The wall"),
        ("Legende: Die Mauer", "Die Mauer"),
        ("i<span>Phone</span> in You<b>Tube</b>", "iPhone in YouTube"),
        ("岸壁は<span>TBSが</span>撮影", "岸壁はTBSが撮影"),
    ],
)
def test_captions_keep_their_words_apart(markup: str, caption: str) -> None:
    figure = f"<figure><img src='/1.jpg' width='900'><figcaption>{markup}</figcaption></figure>"
    assert captions(read(SENTENCES[0].join(("<p>", "</p>")) + figure + BODY)) == [caption]


def test_a_drop_cap_is_the_first_letter_of_its_word() -> None:
    article = read(f"<p><span class='c-text__drop-cap'>T</span>he first word was cut in two here.</p>{BODY}")
    assert article.text.startswith("The first word was cut")


@pytest.mark.parametrize("name", ["legend", "image-caption", "media-info", "bildunterschrift"])
def test_a_caption_beside_a_picture_is_no_paragraph(name: str) -> None:
    picture = f"<div><img src='/1.jpg' width='900'><span class='{name}'>The wall, seen from the ferry.</span></div>"
    article = read(f"<p>{SENTENCES[0]}</p>{picture}{BODY}")
    assert "seen from the ferry" not in article.text
    assert captions(article) == ["The wall, seen from the ferry."]


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        (
            "srcset='/a.jpg?crop=1,2,x0,y0 320w, /b.jpg?crop=1,2,x0,y0 960w'",
            "https://paper.example/b.jpg?crop=1,2,x0,y0",
        ),
        ("srcset='/a.jpg 2x, /b.jpg 1x'", "https://paper.example/a.jpg"),
        ("srcset='/only.jpg'", "https://paper.example/only.jpg"),
        ("data-src='/pic_${format}.jpg' src='/real.jpg'", "https://paper.example/real.jpg"),
    ],
)
def test_a_picture_s_address_is_one_that_leads_somewhere(attributes: str, address: str) -> None:
    article = read(f"<p>{SENTENCES[0]}</p><p><img {attributes} width='900' alt='A wall'></p>{BODY}")
    assert [block.url for block in article.blocks if block.kind is BlockKind.IMAGE] == [address]


def test_sentences_that_are_links_nearly_whole_stay() -> None:
    linked = "<p>The alliance <a href='/x'>also plans and carries out joint exercises of its members</a>.</p>"
    article = read("".join(f"<p>{text}</p>{linked if number == 3 else ''}" for number, text in enumerate(SENTENCES)))
    assert "joint exercises" in article.text


def test_points_and_their_heading_above_the_text_belong_to_it() -> None:
    points = "<h2>In short</h2><ul><li>The wall was known to be cracked since the first week of January.</li>"
    points += "<li>The board had been told of it twice, and had put the repair off both times.</li></ul>"
    article = read(points + BODY)
    assert blocks(article, BlockKind.HEADING) == ["In short"]
    assert len(blocks(article, BlockKind.LIST)) == 1


# What repeats


def test_a_quote_made_of_the_text_s_own_sentences_goes_with_its_attribution() -> None:
    said = "<p>“The sea rises. We knew,” said Ms. Penhallow. “Nobody moved until the water was in the street.”</p>"
    pulled = "<blockquote><div class='q'>The sea rises. Nobody moved until the water was in the street.</div>"
    pulled += "<div>Ruth Penhallow</div><div>Head of the emergency room</div></blockquote>"
    article = read(f"{said}<p>{SENTENCES[0]}</p>{pulled}{BODY}")
    assert not blocks(article, BlockKind.QUOTE)
    assert "Head of the emergency room" not in article.text


def test_a_quote_that_the_text_does_not_repeat_stays() -> None:
    quote = "<blockquote><p>We were told to wait for the budget, and we waited.</p></blockquote>"
    article = read(f"<p>{SENTENCES[0]}</p>{quote}{BODY}")
    assert blocks(article, BlockKind.QUOTE) == ["We were told to wait for the budget, and we waited."]


def test_captions_of_a_lightbox_are_not_read_as_text() -> None:
    figure = (
        "<figure><img src='/1.jpg' width='900'><figcaption>The director in her office on Friday.</figcaption></figure>"
    )
    box = "<div class='lightbox'><div><p>The director in her office on Friday.</p></div></div>"
    assert "in her office" not in read(figure + BODY, after=box).text


# Furniture within


@pytest.mark.parametrize(
    "furniture",
    [
        "<div class='card'><a href='/2'>The council sells the old cinema at last</a><p>It went for less than was hoped.</p></div>",
        "<div class='x'><a href='/2'><h3>The council sells the old cinema at last</h3></a></div>",
        "<ul><li>Council: <a href='/2'>The old cinema is sold</a></li><li>Sport: <a href='/3'>A draw at home</a></li></ul>",
        "<p>» The council sells the old cinema</p>",
        "<div class='not-prose'><h3>The Friday letter</h3><p>Behind the scenes of the council, exclusive and relevant.</p></div>",
        "<div class='registration-wall'><ul><li>Read what subscribers read</li><li>And the archive too</li></ul></div>",
        "<p>The council in session. 21.04.2024 | 3:18 min</p>",
        "<p>To view this content you need to accept cookies of other sites.</p>",
        "<p>This article contains affiliate links, for which we may be paid.</p>",
    ],
)  # fmt: skip
def test_furniture_between_paragraphs_is_left_out(furniture: str) -> None:
    paragraphs = [f"<p>{text}</p>" for text in SENTENCES]
    article = read("".join([*paragraphs[:2], furniture, *paragraphs[2:]]))
    assert article.text.split("\n\n") == SENTENCES


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Source: paper.example</p>",
        "<p>Ada Quist is a reporter for The Paper.</p>",
        "<p>Our correspondent Ada Quist covers the coast. Her articles are here.</p>",
        "<p>More on the storm in our live blog:</p>",
        "<p>Editing: Tom Bell, Ines Okafor<br>Translation: Tom Bell</p>".replace("Editing", "Fact-check"),
        "<p>This article was first published in The Other Paper.</p>",
        "<p>© CNA-wire, cna:250308-99-1/3</p>",
        "<p>The Paper / Última Hora</p>",
        "<p>Mehr zum Sturm lesen Sie in unserem Liveblog.</p>",
    ],
)
def test_what_follows_the_last_paragraph_is_left_out(furniture: str) -> None:
    head = '<meta property="og:site_name" content="The Paper"><meta name="author" content="Ada Quist">'
    assert read(BODY + furniture, head=head).text.endswith(SENTENCES[-1])


@pytest.mark.parametrize(
    "ending",
    [
        "Ada Quist walked to the wall, and she was the first to see it.",
        "The source of the river is not known to anyone.",
        "He had read more about the storm than he wished: all of it.",
    ],
)
def test_but_sentences_that_only_begin_alike_stay(ending: str) -> None:
    assert read(f"{BODY}<p>{ending}</p>").text.endswith(ending)


def test_boxes_after_the_article_are_left_out_though_they_hold_prose() -> None:
    after = (
        "<div class='offer'><p>Two weeks at no cost</p><p>Since the storm this paper has been read by more people than ever, "
        "and it is read because it is independent of all who would rather not be read about.</p></div>"
    )
    assert read(after=after).text.endswith(SENTENCES[-1])


def test_a_note_that_the_text_goes_on_below_a_picture_is_cut_off() -> None:
    article = read(f"<p>{SENTENCES[0]} (Tekst gaat verder onder de foto.)</p>{BODY}")
    assert "Tekst gaat verder" not in article.text


def test_a_byline_under_the_standfirst_is_no_text() -> None:
    deck = (
        "A standfirst that is long enough to be taken for the beginning of the text, as it stands right above it. " * 2
    )
    assert "By Ada Quist" not in read(f"<p>{deck}</p><p>By Ada Quist</p>{BODY}").text


# What a line is by its looks


def test_bold_lines_and_lines_that_their_template_names_head_what_follows() -> None:
    inside = f"<p>{SENTENCES[0]}</p><p><b>What the memos say</b></p><p>{SENTENCES[1]}</p>"
    inside += f"<p class='x-interline'>Who knew of it</p><p>{SENTENCES[2]}</p><p><b>Who knew, and when?</b></p>"
    article = read(inside + "".join(f"<p>{text}</p>" for text in SENTENCES[3:]))
    assert blocks(article, BlockKind.HEADING) == ["What the memos say", "Who knew of it"]


def test_a_standfirst_that_is_marked_as_a_heading_is_a_paragraph() -> None:
    deck = "Four memos describe cracks in the wall. The board had been told of them twice before the flood came."
    article = read(f"<h2>{deck}</h2>{BODY}")
    assert article.blocks[0].kind is BlockKind.PARAGRAPH
    assert article.text.startswith(deck)


# Names


@pytest.mark.parametrize(
    ("head", "before", "byline"),
    [
        ('<meta name="author" content="ADA ÖQUIST">', "", ("Ada Öquist",)),
        ('<meta name="author" content="ada quist">', "", ("Ada Quist",)),
        ('<meta name="author" content="ludwig van der berg">', "", ("Ludwig Van Der Berg",)),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Quist">', "",
         ("Ada Quist",)),
        ("", "<ul><li>3 min read</li><li>By: Ada Quist, Tom Bell</li></ul>", ("Ada Quist", "Tom Bell")),
        ("", "<div id='writerProfile'><dl><dt>Fields</dt><dd>Peace, War</dd></dl></div>", ()),
    ],
)  # fmt: skip
def test_bylines_as_pages_give_them(head: str, before: str, byline: tuple[str, ...]) -> None:
    assert read(head=head, before=before).byline == byline


@pytest.mark.parametrize(
    "marked",
    [
        "<ul class='metaInfoAuthorList'><li><a href='/x'>Ada Quist</a></li></ul>",
        "<x-part id='authors'><span>Ada Quist</span></x-part>",
    ],
)
def test_bylines_that_only_their_marks_tell(marked: str) -> None:
    assert read(marked + BODY).byline == ("Ada Quist",)


def test_a_byline_of_a_teaser_far_below_is_not_the_article_s() -> None:
    teasers = "".join(f"<div class='t'><h3>Teaser {n}</h3><p>By Tom Bell</p></div>" for n in range(12))
    head = '<meta name="author" content="dpa">'
    article = read(head=head, after=f"<div>{'<p>More</p>' * 12}{teasers}</div>")
    assert article.byline == ()
    assert article.agency == "dpa"


def test_menus_and_tags_credit_no_agency() -> None:
    menu = "<ul><li><a href='/rss'>RSS</a></li><li><a href='/contact'>Contact</a></li></ul>"
    tags = "<div><a href='/topics/dow-jones'>Dow Jones</a></div>"
    assert read(before=menu + tags).agency is None
    assert read(before="<div><a href='/author/reuters'>Reuters</a></div>").agency == "Reuters"


def test_meta_names_are_read_however_they_are_punctuated() -> None:
    article = read(head='<meta property="article:published:time" content="2024-10-23T15:48:15+00:00">')
    assert article.published is not None
    assert article.published.isoformat() == "2024-10-23T15:48:15+00:00"


def test_the_time_of_day_is_taken_from_a_script_where_the_rest_knows_only_the_day() -> None:
    script = '<script>var layer = {"first-publication":"2023-04-28 19:20"}</script>'
    told = json.dumps({"@type": "NewsArticle", "headline": "A report", "datePublished": "2023-04-28"})
    article = read(head=f'<script type="application/ld+json">{told}</script>{script}')
    assert article.published is not None
    assert article.published.isoformat() == "2023-04-28T19:20:00"


def test_a_date_that_is_shown_is_better_than_one_found_anywhere() -> None:
    article = read(before="<p>Published: 28 April 2023, 19:20 GMT</p>", after="<p>24 April 2023: an older one</p>")
    assert article.published is not None
    assert article.published.isoformat() == "2023-04-28T19:20:00+00:00"


# Sections


def crumbs(*names: str) -> str:
    items = [{"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(names, start=1)]
    told = json.dumps({"@type": "BreadcrumbList", "itemListElement": items})
    return f'<script type="application/ld+json">{told}</script>'


SITE = '<meta property="og:site_name" content="The Paper">'


@pytest.mark.parametrize(
    ("head", "before", "title", "section"),
    [
        (SITE, "<nav><a href='/politics/'>Politics</a></nav>", "A report", ("Politics",)),
        (SITE, "<nav><a href='https://elsewhere.example/politics'>All politics</a></nav>", "A report", ()),
        (SITE, "<ul><li><a href='/x'>POLITICS</a></li></ul><div class='kicker'>POLITICS / COAST</div>", "A report",
         ("Politics", "Coast")),
        (SITE, "<div class='kicker'>The long summer</div>", "A report", ()),
        (SITE, "<p>Posted on 15 April in News</p>", "A report", ("News",)),
        (SITE, "", "A report | Europe | The Paper | 28.04.2023", ("Europe",)),
        (SITE, "", "A report - The Paper", ()),
        (SITE + crumbs("Home", "News", "Region Detail"), "", "A report", ("News",)),
        (SITE + '<meta property="article:section" content="Coast">', "<p>Front &gt; News &gt; Coast</p>", "A report",
         ("News", "Coast")),
        (SITE + '<meta property="article:section" content="news">', "<nav><a href='/n'>News</a></nav>", "A report",
         ("News",)),
        ('<meta property="og:site_name" content="Security">' + crumbs("The Paper", "Security", "A report")
         + '<script type="application/ld+json">{"@type":"WebSite","name":"The Paper"}</script>', "", "A report",
         ()),
    ],
)  # fmt: skip
def test_section_paths_from_wherever_the_page_has_them(
    head: str, before: str, title: str, section: tuple[str, ...]
) -> None:
    assert read(head=head, before=before, title=title).section == section


# Rights


@pytest.mark.parametrize(
    ("after", "line", "redistribution"),
    [
        ("<p>© 2025 The Paper<a href='/i'>Imprint</a><a href='/p'>Privacy</a></p>", "© 2025 The Paper", None),
        ("<p>The Paper Ltd. © 2025 | 2 Main Street</p>", "The Paper Ltd. © 2025", None),
        ("<p>© The Paper. 123 Main Street, phone 555 0140</p>", "© The Paper.", None),
        ("<p><a href='/l'>© Licence</a><br>© All rights reserved<br>Source: paper.example</p>", "© All rights reserved", None),
        ("<p>This material may not be published, broadcast or rewritten. ©2025 The Paper, LLC. All rights reserved.</p>",
         "This material may not be published, broadcast or rewritten. ©2025 The Paper, LLC. All rights reserved.",
         Redistribution.FORBIDDEN),
    ],
)  # fmt: skip
def test_rights_lines_without_what_stands_beside_them(
    after: str, line: str, redistribution: Redistribution | None
) -> None:
    rights = read(after=f"<footer>{after}</footer>").rights
    assert rights is not None
    assert (rights.line, rights.redistribution) == (line, redistribution)


def test_a_link_to_a_page_about_licences_allows_nothing() -> None:
    footer = "<ul><li><a href='/a'>About us</a></li><li><a href='/cc'>Creative Commons</a></li></ul>"
    assert read(after=footer).rights is None


# Datelines


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("Kiel (dpo) - Finland is in danger, say geographers of the university.", "Kiel"),
        ("Gundremmingen - Die Kühltürme sind am Samstag gesprengt worden.", "Gundremmingen"),
        ("Angela Merkel (CDU) – die Kanzlerin – kam spät.", None),
        ("Kommentar – Die Stadt hat Geld für Schiffe, nicht für Mauern.", None),
        ("Lena Marsh – Director of the ferry line – said that no boat would leave.", None),
        ("Disclaimer: The information on this site is not advice.", None),
    ],
)
def test_datelines_in_the_manner_of_regional_papers(head: str, place: str | None) -> None:
    filed = read_dateline(head, None)
    assert (filed.dateline.place if filed.dateline else None) == place


def test_a_dateline_on_a_line_of_its_own_or_under_a_standfirst() -> None:
    alone = read(f"<span class='dateline'>AUBURN, Wash. —</span>{BODY}")
    assert alone.dateline == Dateline("Auburn, Wash.")
    deck = "A standfirst that says in one sentence what the report will say in many more."
    under = read(f"<p>{deck}</p><p>HARBORVIEW, March 8 (CNA) — {SENTENCES[0]}</p>{BODY}",
                 head='<meta name="date" content="2025-03-08">')  # fmt: skip
    assert under.dateline == Dateline("Harborview", date(2025, 3, 8))


def test_a_place_that_is_set_apart_with_a_full_stop_is_a_dateline() -> None:
    assert read(f"<p><b>Riad.</b> {SENTENCES[0]}</p>{BODY}").dateline == Dateline("Riad")
    assert read(f"<p><b>Overview.</b> {SENTENCES[0]}</p>{BODY}").dateline is None


# Size


def test_a_page_of_two_hundred_thousand_spans_is_read() -> None:
    article = read("<p>" + "<span>word </span>" * 200_000 + "</p>" + BODY)
    assert SENTENCES[2] in article.text


def test_a_hundred_thousand_links_beside_the_text_are_no_part_of_it() -> None:
    links = "".join(f"<li><a href='/{number}'>link {number}</a></li>" for number in range(100_000))
    article = read(after=f"<ul>{links}</ul>")
    assert article.text.split("\n\n") == SENTENCES


# What was left standing at first, and is mended


def test_a_place_that_a_template_sets_between_standfirst_and_text_is_a_dateline() -> None:
    standfirst = "<p>The party's secretary takes the blame for the paper that was written before the break.</p>"
    article = read(f"{standfirst}<span>Berlin.</span>{BODY}")
    assert article.dateline == Dateline("Berlin")
    assert "Berlin." not in article.text


def test_a_paragraph_of_one_word_is_the_authors() -> None:
    article = read(
        f"<p>The hall was full when the chairwoman rose, and nobody had told her what was to come.</p><p>Silence.</p>{BODY}"
    )
    assert article.dateline is None
    assert "Silence." in article.text


def test_a_chart_that_waits_for_consent_leaves_nothing_of_its_box() -> None:
    box = (
        "<div class='c'><div><span>Ranking of trading partners 2023</span></div><div><span>Paper Graphics</span></div>"
        "<div><div>Ein Klick für den Datenschutz</div><div>Für die Darstellung von Grafiken nutzen wir die Software von Charts. "
        "Erst wenn Sie hier klicken, werden die Grafiken nachgeladen. Ihre Zustimmung können Sie jederzeit widerrufen.</div></div></div>"
    )
    texts = [f"<div class='w'><div class='t'>{text}</div></div>" for text in SENTENCES]
    article = read("".join([*texts[:3], box, *texts[3:]]))
    assert blocks(article, BlockKind.PARAGRAPH) == SENTENCES


@pytest.mark.parametrize(
    "call",
    [
        "Sie arbeiten an einer Hochschule und haben Hinweise zum Thema? Melden Sie sich sicher bei unserem Reporter: a.b",
        "Do you work there and have information about it? Reach our reporters securely on Signal: paper.01",
    ],
)
def test_a_call_for_tips_is_left_out(call: str) -> None:
    quote = f"<blockquote><p>{call}</p></blockquote>"
    article = read(
        "".join([*(f"<p>{text}</p>" for text in SENTENCES[:4]), quote, *(f"<p>{text}</p>" for text in SENTENCES[4:])])
    )
    assert article.text == "\n\n".join(SENTENCES)


def test_what_the_police_ask_is_news() -> None:
    asked = (
        "Wer Hinweise zum Unfall geben kann, den bittet die Polizei, sich auf der Wache in der Hafenstraße zu melden."
    )
    assert asked in read(f"{BODY}<p>{asked}</p>{BODY.replace('Paragraph', 'Sentence')}").text


@pytest.mark.parametrize(
    ("given", "url", "name"),
    [
        ("Faktencheck", "https://faktencheck.afp.com/doc.1", "AFP Faktencheck"),
        ("Sport", "https://sport.paper.example/one", "Sport"),
        ("n-tv NACHRICHTEN", "https://www.n-tv.example/one", "n-tv Nachrichten"),
        ("ZEIT ONLINE", "https://www.zeit.example/one", "ZEIT ONLINE"),
        ("BBC News", "https://www.bbc.example/one", "BBC News"),
    ],
)
def test_an_outlet_has_its_whole_name_in_usual_letters(given: str, url: str, name: str) -> None:
    assert read(head=f'<meta property="og:site_name" content="{given}">', url=url).outlet.name == name
