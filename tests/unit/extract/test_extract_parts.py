"""Credits, dates, datelines and charsets by themselves."""

from __future__ import annotations

from datetime import date

import pytest

from firsthand.extract.charset import decode
from firsthand.extract.credits import agency_in, is_agency, is_person, split_names
from firsthand.extract.dateline import read_dateline
from firsthand.extract.dates import parse_stamp
from firsthand.extract.furniture import is_furniture, is_stamp
from firsthand.extract.written_dates import parse_written
from firsthand.model.article import Dateline
from firsthand.model.when import When

PUBLISHED = When.day(2025, 1, 2)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ada Quist", ["Ada Quist"]),
        ("BY ADA QUIST", ["Ada Quist"]),
        ("By Ada Quist and Tom Bell", ["Ada Quist", "Tom Bell"]),
        ("Ada Quist, Tom Bell & Ines Okafor", ["Ada Quist", "Tom Bell", "Ines Okafor"]),
        ("Von Jana Petersen und Uwe Hansen", ["Jana Petersen", "Uwe Hansen"]),
        ("Par Lucie Moreau avec AFP", ["Lucie Moreau avec AFP"]),
        ("Ada Quist | March 8, 2025", ["Ada Quist"]),
        ("Ada Quist ada@paper.example", ["Ada Quist"]),
        ("Ada Quist (Harborview)", ["Ada Quist"]),
        ("記者 山田太郎", ["山田太郎"]),
        ("Автор: Анна Петрова", ["Анна Петрова"]),
        ("", []),
        ("By", []),
    ],
)
def test_bylines_are_split_into_names(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize("name", ["Ada Quist", "Ludwig van der Berg", "Siân O’Neill", "J. R. Bell", "山田太郎", "kesm"])
def test_persons(name: str) -> None:
    assert is_person(name, ["The Harbor Gazette"])


@pytest.mark.parametrize(
    "name",
    ["Reuters", "The Harbor Gazette", "Harbor Gazette", "Staff reporter", "News desk", "gazette.example.com",
     "Redaktion", "Web Desk", "Correspondent", "https://x.example", "Agent 47", "", "a b c d e f g h"],
)  # fmt: skip
def test_no_persons(name: str) -> None:
    assert not is_person(name, ["The Harbor Gazette"])


@pytest.mark.parametrize("name", ["Reuters", "AP", "the Associated Press", "dpa", "PTI", "新华社", "Coast News Agency"])
def test_agencies(name: str) -> None:
    assert is_agency(name)


@pytest.mark.parametrize("name", ["Ap", "Ana", "Reuters Institute fellow", "Ada Quist", "News Agency", "aa"])
def test_no_agencies(name: str) -> None:
    assert not is_agency(name)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Source: PTI", "PTI"),
        ("Source: PTI© Copyright 2024 PTI. All rights reserved.", "PTI"),
        ("(With inputs from ANI)", "ANI"),
        ("With agency inputs from PTI", "PTI"),
        ("© AFP", "AFP"),
        ("© 2025 The Associated Press. All rights reserved.", "Associated Press"),
        ("(Reuters)", "Reuters"),
        ("Quelle: dpa", "dpa"),
        ("Quelle: ntv.de, ino/dpa", "dpa"),
        ("sak/Reuters", "Reuters"),
        ("mic/ksp", None),
        ("Politik/Reuters", None),
        ("Associated Press in Valencia", "Associated Press"),
        ("Ada Quist in Valencia", None),
        ("With files from The Associated Press and Ada Quist", "The Associated Press"),
        ("AFP/File", None),
        ("(dpa/AFP)", "dpa"),
        ("来源：新华社", "新华社"),
        ("Image: Reuters", None),
        ("Photo by AP", None),
        ("The council meets again on Tuesday.", None),
    ],
)
def test_credit_lines(line: str, agency: str | None) -> None:
    assert agency_in(line) == agency


@pytest.mark.parametrize(
    ("head", "dateline", "agency"),
    [
        ("KABUL, Sept 4 (Reuters) - The Taliban said", Dateline("Kabul", date(2024, 9, 4)), "Reuters"),
        ("HARBORVIEW, Dec. 31 — The council", Dateline("Harborview", date(2024, 12, 31)), None),
        ("HARBORVIEW, Jan 1, 2025 (AP) — The council", Dateline("Harborview", date(2025, 1, 1)), "AP"),
        ("NEW DELHI: The government said on Monday", Dateline("New Delhi"), None),
        ("EXCLUSIVE: The government said on Monday", None, None),
        ("New Delhi (PTI) – The government said", Dateline("New Delhi"), "PTI"),
        ("Berlin (dpa/lbw) - Die Regierung", Dateline("Berlin"), "dpa/lbw"),
        ("DUBLIN — She has slammed", Dateline("Dublin"), None),
        ("SAN JOSE, Calif. (AP) — A court", Dateline("San Jose, Calif."), "AP"),
        ("(Reuters) - Shares fell", None, "Reuters"),
        ("新华社北京4月24日电 记者", Dateline("北京", date(2024, 4, 24)), "新华社"),
        ("He said – and he meant it – that", None, None),
        ("Yesterday - all my troubles", None, None),
        ("The harbor authority had known", None, None),
        ("", None, None),
    ],
)
def test_datelines(head: str, dateline: Dateline | None, agency: str | None) -> None:
    filed = read_dateline(head, PUBLISHED)
    assert filed.dateline == dateline
    assert filed.agency == agency


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("September 04, 2021 14:19 IST", "2021-09-04T14:19:00+05:30"),
        ("Updated: Sept. 4, 2021 at 2:19 p.m. ET", "2021-09-04T14:19:00-04:00"),
        ("Jan. 4, 2021 12:05 AM EST", "2021-01-04T00:05:00-05:00"),
        ("14:19 GMT, 4 September 2021", "2021-09-04T14:19:00+00:00"),
        ("4th September 2021", "2021-09-04"),
        ("Samstag, 4. September 2021, 14.19 Uhr", "2021-09-04T14:19:00"),
        ("04.09.2021, 14:19 Uhr", "2021-09-04T14:19:00"),
        ("Publié le 4 septembre 2021 à 14h19", "2021-09-04T14:19:00"),
        ("4 de septiembre de 2021", "2021-09-04"),
        ("4 września 2021, 14:19", "2021-09-04T14:19:00"),
        ("4 сентября 2021, 14:19 МСК", "2021-09-04T14:19:00"),
        ("2021年9月4日 14時19分", "2021-09-04T14:19:00"),
        ("입력 2021.09.04 오후 2:19", "2021-09-04T14:19:00"),
        ("2021-09-04 14:19 (UTC+8)", "2021-09-04T14:19:00+08:00"),
        ("25/12/2021", "2021-12-25"),
        ("04/09/2021", None),
        ("31 February 2021", None),
        ("Chapter 4, 2021 edition", None),
        ("no date at all", None),
        ("", None),
    ],
)
def test_written_dates(text: str, expected: str | None) -> None:
    when = parse_written(text)
    assert (when and when.isoformat()) == expected


def test_slashes_are_read_where_the_country_tells() -> None:
    assert parse_written("04/09/2021", ("us",)) == When.day(2021, 4, 9)
    assert parse_written("04/09/2021", ("uk",)) == When.day(2021, 9, 4)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2021-09-04T14:19:00+05:30", "2021-09-04T14:19:00+05:30"),
        ("2021-09-04T14:19:00.123Z", "2021-09-04T14:19:00+00:00"),
        ("2021-09-04T14:19", "2021-09-04T14:19:00"),
        ("20210904", "2021-09-04"),
        ("2021-09-04 14:19:00 -0400", "2021-09-04T14:19:00-04:00"),
        ("Sat Sep 04 2021 14:19:00 GMT+0530 (IST)", "2021-09-04T14:19:00+05:30"),
        ("1630745340", "2021-09-04T08:49:00+00:00"),
        ("1630745340000", "2021-09-04T08:49:00+00:00"),
        ("0000-00-00T00:00:00", None),
        ("2021-13-40", None),
        ("2021-09-04T99:99:99Z", None),
        ("2021-09-04T14:19:00+99:99", "2021-09-04T14:19:00"),
        ("soon", None),
    ],
)
def test_machine_stamps(stamp: str, expected: str | None) -> None:
    when = parse_stamp(stamp)
    assert (when and when.isoformat()) == expected


@pytest.mark.parametrize(
    "line",
    ["Advertisement", "ADVERTISEMENT - CONTINUE READING BELOW", "Share", "Share Facebook Twitter Email", "Read more",
     "Also Read: Storm closes the road", "Sign up for our newsletter", "Lesen Sie auch: Sturm", "Lire aussi : La grève",
     "Related stories", "5 min read", "This article was first published 2 years ago", "関連記事", "Mehr zum Thema"],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    ["He read more than he wrote.", "Sharing is what the council asked for.", "The newsletter of the port was closed.",
     "An advertisement for the post appeared in January.", "They also read the memos.", "What the memos say"],
)  # fmt: skip
def test_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_stamps_are_lines_of_nothing_but_a_date() -> None:
    assert is_stamp("Published: March 8, 2025 14:19 IST | Updated: March 9, 2025 08:02 IST")
    assert is_stamp("08.03.2025, 14:19 Uhr")
    assert not is_stamp("On March 8, 2025 the council met.")
    assert not is_stamp("on " * 39 + "1 x")


CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl šéf úřadu a dodal, že se to brzy změní k lepšímu. "
POLISH = "Zażółć gęślą jaźń, powiedział minister, który wrócił wczoraj ze szczytu w sąsiednim państwie. "
RUSSIAN = "Правительство заявило в субботу, что порт будет закрыт до конца недели из-за сильного шторма. "
GREEK = "Η κυβέρνηση ανακοίνωσε το Σάββατο ότι το λιμάνι θα παραμείνει κλειστό λόγω της κακοκαιρίας. "
JAPANESE = "湾岸地区と港を結ぶ湾岸道路が八日、三年ぶりに全線で開通した。通勤時間帯の渋滞も解消される見通しだ。"
KOREAN = "정부는 토요일 폭풍으로 인해 항구가 이번 주말까지 폐쇄될 것이라고 밝혔다. 주민들은 대피했다. "
CHINESE = "政府星期六表示，由于风暴，港口将关闭到本周末。居民已经转移到安全的地方，学校也停课了。"
GERMAN = "Die Regierung erklärte am Samstag, der Hafen bleibe wegen des Sturms geschlossen – „endgültig“. "
TURKISH = (
    "Hükümet cumartesi günü fırtına nedeniyle limanın hafta sonuna kadar kapalı kalacağını açıkladı, dedi şirket. "
)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CZECH, "cp1250"),
        (CZECH, "iso8859-2"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc_kr"),
        (CHINESE, "gb18030"),
        (GERMAN, "cp1252"),
        (TURKISH, "cp1254"),
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
    ],
)
def test_undeclared_charsets_are_detected(text: str, charset: str) -> None:
    page = f"<html><body><p>{text * 3}</p></body></html>"
    assert decode(page.encode(charset)) == page


@pytest.mark.parametrize(
    ("page", "header", "text"),
    [
        ("<meta charset=windows-1251><p>Порт", "", "Порт"),
        ("<p>Порт", "text/html; charset=windows-1251", "Порт"),
        ('<meta http-equiv="content-type" content="text/html; charset=windows-1251"><p>Порт', "", "Порт"),
        ('<?xml version="1.0" encoding="windows-1251"?><p>Порт', "", "Порт"),
    ],
)
def test_declared_charsets_are_believed(page: str, header: str, text: str) -> None:
    assert text in decode(page.encode("cp1251"), header)


def test_utf_8_is_believed_over_a_wrong_declaration() -> None:
    assert "Kühltürme" in decode("<meta charset=iso-8859-1><p>Kühltürme".encode(), "text/html; charset=iso-8859-1")


def test_latin_1_means_windows_1252() -> None:
    assert "„so“" in decode("<meta charset=iso-8859-1><p>„so“".encode("cp1252"))


@pytest.mark.parametrize("label", ["utf-7", "no-such-charset", "base64", "utf-16", "rot13"])
def test_labels_that_cannot_be_meant_are_passed_over(label: str) -> None:
    assert "caf\u00e9" in decode(
        f"<meta charset={label}><p lang=fr>caf\u00e9 au lait, d\u00e9j\u00e0 bu".encode("cp1252")
    )
