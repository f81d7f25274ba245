"""Dates in the words of the default languages, as their papers print them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mediawatch.text.dates import parse_date

# The fifth of each month of 2026.
YEARS = {
    "en": "January 5, 2026|5 Feb 2026|Mar. 5, 2026|April 5th, 2026|5 May 2026|June 5 2026"
    "|5 Jul 2026|Aug. 5, 2026|Sept. 5, 2026|the 5th of October 2026|Nov 5, 2026|5-Dec-2026",
    "fr": "5 janvier 2026|5 févr. 2026|5 mars 2026|5 avr. 2026|mardi 5 mai 2026|5 juin 2026"
    "|5 juil. 2026|5 août 2026|le 5 septembre 2026|5 oct. 2026|5 nov. 2026|5 déc. 2026",
    "de": "5. Januar 2026|5. Feb. 2026|5. März 2026|5. Apr. 2026|Dienstag, 5. Mai 2026"
    "|5. Juni 2026|5. Jul. 2026|5. August 2026|5. Sept. 2026|5. Okt. 2026|5. Nov. 2026"
    "|5. Dez. 2026",
    "es": "5 de enero de 2026|5 feb. 2026|5 de marzo de 2026|5 abr 2026|martes, 5 de mayo de 2026"
    "|5 jun 2026|5 de julio del 2026|5 ago. 2026|5 de septiembre de 2026|5 oct 2026"
    "|5 de noviembre de 2026|5 dic. 2026",
    "it": "5 gennaio 2026|5 feb 2026|5 marzo 2026|5 apr 2026|martedì 5 maggio 2026|5 giu 2026"
    "|5 lug 2026|5 agosto 2026|5 set 2026|5 ottobre 2026|5 nov 2026|5 dic 2026",
    "pt": "5 de janeiro de 2026|5 fev 2026|5 de março de 2026|5 abr 2026|5 de maio de 2026"
    "|5 jun 2026|5 de julho de 2026|5 ago 2026|5 set 2026|5 out 2026|5 de novembro de 2026"
    "|5 dez 2026",
    "nl": "5 januari 2026|5 feb. 2026|5 maart 2026|5 apr 2026|dinsdag 5 mei 2026|5 juni 2026"
    "|5 jul 2026|5 augustus 2026|5 sep 2026|5 okt. 2026|5 nov 2026|5 december 2026",
    "ru": "5 января 2026|5 фев 2026|5 марта 2026 г.|5 апр 2026|вторник, 5 мая 2026|5 июня 2026"
    "|5 июл 2026|5 августа 2026 года|5 сен 2026|5 октября 2026|5 нояб. 2026|5 дек 2026",
    "uk": "5 січня 2026|5 лютого 2026|5 березня 2026|5 квітня 2026 р.|вівторок, 5 травня 2026"
    "|5 червня 2026|5 липня 2026|5 серпня 2026|5 вересня 2026 року|5 жовтня 2026"
    "|5 листопада 2026|5 грудня 2026",
    "ar": "5 يناير 2026|5 فبراير 2026|5 مارس 2026|5 نيسان 2026|الثلاثاء 5 مايو 2026"
    "|5 حزيران 2026|5 يوليو 2026|5 آب 2026|5 سبتمبر 2026|5 تشرين الأول 2026"
    "|5 تشرين الثاني 2026|5 كانون الأول 2026",
    "zh": "2026年1月5日|2026年02月05日|2026 年 3 月 5 日|2026年4月5号|2026年5月5日 星期二"
    "|2026年6月5日（周五）|2026年7月5日|2026/08/05|2026-9-5|2026.10.05|2026年11月5日|2026年12月5日",
    "ja": "2026年1月5日|2026年2月5日(木)|2026年3月5日（木曜日）|令和8年4月5日|2026年5月5日 火曜"
    "|2026年6月5日|２０２６年７月５日|2026/08/05|2026.9.5|2026年10月5日|2026年11月5日|2026年12月5日",
}


@pytest.mark.parametrize("language", YEARS)
def test_months_are_read_in_every_default_language(language):
    found = [parse_date(raw, origin="x") for raw in YEARS[language].split("|")]
    assert [date.local_date for date in found] == [date(2026, month, 5) for month in range(1, 13)]
    assert [flag for one in found for flag in one.flags] == []


@pytest.mark.parametrize(
    ("raw", "clock"),
    [
        ("May 5, 2026 2:45 PM", "14:45"),
        ("May 5, 2026, 12:05 a.m.", "00:05"),
        ("mar. 5 mai 2026 à 14h45", "14:45"),
        ("mar 5 mag 2026 ore 14:45", "14:45"),
        ("2026年5月5日 14时45分", "14:45"),
        ("2026年5月5日（火）午後2時45分", "14:45"),
        ("2026年5月5日 14：45", "14:45"),
        ("5 мая 2026, 14:45", "14:45"),
        ("5 مايو 2026 2:45 م", "14:45"),
    ],
)
def test_clocks_are_read_as_they_are_written(raw, clock):
    found = parse_date(raw, origin="x")
    assert found.value == datetime.fromisoformat(f"2026-05-05T{clock}+00:00")
    assert found.flags == ("no_zone",)


def test_an_hour_that_summer_time_skips_or_doubles_is_not_sure():
    skipped = parse_date("2026-03-29 02:30", origin="x", zone="Europe/Paris")
    assert (skipped.value, skipped.flags) == (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ("no_zone",),
    )
    doubled = parse_date("2026-10-25 02:30", origin="x", zone="Europe/Paris")
    assert (doubled.value, doubled.flags) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ("no_zone",),
    )
    given = parse_date("2026-10-25T02:30:00+01:00", origin="x", zone="Europe/Paris")
    assert (given.value, given.flags) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ())
