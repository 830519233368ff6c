"""Dates as feeds write them."""

import time
from datetime import UTC, datetime, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import dates
from aggregator.text.dates import formats


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sat, 21 Nov 2026 10:30:00 GMT", "2026-11-21 10:30:00"),
        ("Sat, 21 Nov 26 10:30 PDT", "2026-11-21 17:30:00"),
        ("21 Nov 2026 10:30:00 GMT+9", "2026-11-21 01:30:00"),
        ("Sat, 21 Nov 2026 10:30:00 UTC+05:30", "2026-11-21 05:00:00"),
        ("Sat, 21 Nov 2026 10:30:00 +0000 UTC", "2026-11-21 10:30:00"),
        ("Sat Nov 21 2026 10:30:00 GMT+0100 (CET)", "2026-11-21 09:30:00"),
        ("Thu Nov 19 10:30:00 2026", "2026-11-19 10:30:00"),
        ("2026-11-21T10:30:00.123456789-03:00", "2026-11-21 13:30:00"),
        ("2026-11-21 10:30", "2026-11-21 10:30:00"),
        ("20261121T103000Z", "2026-11-21 10:30:00"),
        ("2026-11", "2026-11-01 00:00:00"),
        ("1795257000", "2026-11-21 10:30:00"),
        ("1795257000123", "2026-11-21 10:30:00"),
        ("Nov 21, 2026 3:04 pm EST", "2026-11-21 20:04:00"),
        ("21. Dezember 2026, 15:04 Uhr", "2026-12-21 15:04:00"),
        ("sábado, 3 enero 2026 10:00:00 +0100", "2026-01-03 09:00:00"),
        ("21 août 2026 à 15h04", "2026-08-21 15:04:00"),
        ("Сб, 21 ноября 2026 10:30:00 +0300", "2026-11-21 07:30:00"),
        ("5 stycznia 2026 10:00", "2026-01-05 10:00:00"),
        ("21 Kasım 2026", "2026-11-21 00:00:00"),
        ("2026年11月21日 10:30", "2026-11-21 10:30:00"),
        ("2026년 11월 21일 10시 30분", "2026-11-21 10:30:00"),
        ("21.11.2026 10:30", "2026-11-21 10:30:00"),
        ("13/04/2026", "2026-04-13 00:00:00"),
        ("Sat, 21 Nov 2026 24:00:00 +0000", "2026-11-22 00:00:00"),
        ("Sat, 21 Nov 2026 23:59:60 +0000", "2026-11-21 23:59:59"),
        ("2199-01-01T00:00:00Z", "2199-01-01 00:00:00"),
        # ISO, whatever follows
        ("2026-11-21T10:30:00+02:00[Europe/Berlin]", "2026-11-21 08:30:00"),
        ("2026-11-21T10:30:00 02:00", "2026-11-21 08:30:00"),
        ("2026-07-21 10:30 Europe/Berlin", "2026-07-21 08:30:00"),
        ("2026-11-21T10:30:00Z (corrected)", "2026-11-21 10:30:00"),
        ("2026-11-21 10:30:00.0 +0900 KST", "2026-11-21 01:30:00"),
        ("2026-11-21, updated", "2026-11-21 00:00:00"),
        ("2026-02-17 3:05 PM EST", "2026-02-17 20:05:00"),
        ("2026-02-17T10+01:00", "2026-02-17 09:00:00"),
        ("2026-02-17, 10.30", "2026-02-17 10:30:00"),
        ("2026-02-17-10-30-00", "2026-02-17 10:30:00"),
        ("2026-02-17 at 10h30", "2026-02-17 10:30:00"),
        ("2026-11-21T10:30:00[Asia/Tokyo]", "2026-11-21 01:30:00"),
        ("2026-11-21T10:30:00Z (updated 3 May 2027 12:00)", "2026-11-21 10:30:00"),
        ("Published: 2026-11-21 10:30", "2026-11-21 10:30:00"),
        ("2026:11:21 10:30:00", "2026-11-21 10:30:00"),
        ("2026-W47-6T10:30:00Z", "2026-11-21 10:30:00"),
        ("R8.11.21", "2026-11-21 00:00:00"),
        ("21 November 2026 at noon", "2026-11-21 12:00:00"),
        ("21NOV2026:10:30:00", "2026-11-21 10:30:00"),
        ("November 21, 2026 at 10:30 am Eastern", "2026-11-21 15:30:00"),
        ("2026-325", "2026-11-21 00:00:00"),
        # seconds, milliseconds and microseconds since 1970
        ("1795257000.5", "2026-11-21 10:30:00"),
        ("1795257000123456", "2026-11-21 10:30:00"),
        ("/Date(1795257000000+0100)/", "2026-11-21 10:30:00"),
        # what stands where in RFC 822 and its kin
        ("Sat Nov 21 10:30:00 +0100 2026", "2026-11-21 09:30:00"),
        ("Sat Nov 21 10:30:00 EST 2026", "2026-11-21 15:30:00"),
        ("21/Nov/2026:10:30:00 +0000", "2026-11-21 10:30:00"),
        ("10:30 AM EST, November 21, 2026", "2026-11-21 15:30:00"),
        ("Sat, 21 Nov 2026 9:5:3 GMT", "2026-11-21 09:05:03"),
        ("Published 20 Nov 2026, updated 21 Nov 2026 10:30", "2026-11-20 00:00:00"),
        ("10:00 - 21/11/2026", "2026-11-21 10:00:00"),
        # zones by name
        ("Wed, 01 Jul 2026 15:20:00 SAST", "2026-07-01 13:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 SGT", "2026-07-01 07:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 Etc/GMT+5", "2026-07-01 20:20:00"),  # its sign is the other way round
        ("Wed, 01 Jul 2026 15:20:00 EST5EDT", "2026-07-01 19:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 America/Argentina/Buenos_Aires", "2026-07-01 18:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 (Pacific Daylight Time)", "2026-07-01 22:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 Eastern Time", "2026-07-01 19:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 W. Europe Standard Time", "2026-07-01 13:20:00"),
        ("1 juillet 2026 15:20 et mis à jour", "2026-07-01 15:20:00"),  # no Eastern time
        ("Wed, 01 Jul 2026 15:20:00 Uhr", "2026-07-01 15:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 America/New_York", "2026-07-01 19:20:00"),
        ("Thu, 01 Jan 2026 15:20:00 america/new_york", "2026-01-01 20:20:00"),
        ("Jul 1, 2026 3:20 PM ET", "2026-07-01 19:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 EAT", "2026-07-01 12:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 Asia/Kolkata", "2026-07-01 09:50:00"),
        # the half of the day before the hour, or after it
        ("2026年11月21日 下午3:20", "2026-11-21 15:20:00"),
        ("2026年11月21日 上午12:05", "2026-11-21 00:05:00"),
        ("2026년 11월 21일 오후 3:20", "2026-11-21 15:20:00"),
        ("2026/11/21 午後 3:20", "2026-11-21 15:20:00"),
        ("21 Nov 2026 PM 3:20", "2026-11-21 15:20:00"),
        ("21/11/2026 3:20 μ.μ.", "2026-11-21 15:20:00"),
        ("November 21, 2026, 12:05 a.m.", "2026-11-21 00:05:00"),
        ("Nov 21, 2026 3pm EST", "2026-11-21 20:00:00"),
        ("2026-11-21 PM 3:20", "2026-11-21 15:20:00"),
        ("2026년 11월 21일 오후 3시 20분", "2026-11-21 15:20:00"),
        ("2026年11月21日下午3时", "2026-11-21 15:00:00"),
        ("2026年11月21日（土）午後3時20分", "2026-11-21 15:20:00"),
        ("2026年11月21日 中午12:20", "2026-11-21 12:20:00"),
        ("令和8年11月21日", "2026-11-21 00:00:00"),
        ("21 ноября 2026, 3:20 вечера", "2026-11-21 15:20:00"),
        ("21 novembre 2026 à 15h", "2026-11-21 15:00:00"),
        ("21. November 2026, 15 Uhr", "2026-11-21 15:00:00"),
        ("21.11.2026 15.20", "2026-11-21 15:20:00"),
        ("21 พ.ย. 2569 15.20 น.", "2026-11-21 15:20:00"),
        # orders of which one alone is possible
        ("11/21/26 10:30:58", "2026-11-21 10:30:58"),
        ("21/11/26 10:30", "2026-11-21 10:30:00"),
        ("Sat, 11 04 2020", "2020-04-11 00:00:00"),
        ("Samstag, 04/11/2020", "2020-04-11 00:00:00"),
        ("11-04-2020 (mercredi)", "2020-11-04 00:00:00"),
        ("2026/11/21", "2026-11-21 00:00:00"),
        # names of months
        ("12 iulie 2024 08:15", "2024-07-12 08:15:00"),
        ("2024. május 1., szerda 15:20", "2024-05-01 15:20:00"),
        ("1 Μαΐου 2024 10:00", "2024-05-01 10:00:00"),
        ("١ مايو ٢٠٢٤", "2024-05-01 00:00:00"),
        ("1 พฤษภาคม 2567", "2024-05-01 00:00:00"),
        ("01 tháng 5 năm 2024 10:00", "2024-05-01 10:00:00"),
        ("1 мая 2024 г. 10:00 мск", "2024-05-01 07:00:00"),
        ("1 मई 2024", "2024-05-01 00:00:00"),
        ("2024-May-01 10:00", "2024-05-01 10:00:00"),
        ("1. května 2024 kl. 10.30", "2024-05-01 10:30:00"),
        ("2024 m. gegužės 1 d. 15:20", "2024-05-01 15:20:00"),
        ("2024. gada 1. maijā", "2024-05-01 00:00:00"),
        ("2024 ж. 1 мамыр", "2024-05-01 00:00:00"),
        ("1. Jänner 2024", "2024-01-01 00:00:00"),
        ("1 كانون الثاني 2024", "2024-01-01 00:00:00"),
        ("1 במאי 2024", "2024-05-01 00:00:00"),
        ("১ মে ২০২৪", "2024-05-01 00:00:00"),
        ("tháng 5 1, 2024", "2024-05-01 00:00:00"),
        ("mar, 12 ene 2024", "2024-01-12 00:00:00"),  # a Tuesday, no March
        ("sobota, 5 listopada 2022", "2022-11-05 00:00:00"),  # a Saturday in November, not in October
    ],
)
def test_a_date_is_read_however_it_is_written(written: str, meant: str) -> None:
    assert dates.moment(written) == datetime.fromisoformat(f"{meant}+00:00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday 10:30",
        "Mon, 30 Feb 2026 00:00:00 GMT",
        "2026-13-01",
        "2026-11-21T25:00:00Z",
        "2026-11-21T10:30:00+99:00",
        "0001-01-01T00:00:00Z",
        "-0001-11-30T00:00:00+00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1969-07-20",
        "9999-12-31T23:59:59-05:00",
        "03/04/2026",  # March or April?
        "03-04-05",
        "Sun, 03/04/2026",  # neither is a Sunday
        "5 listopada 2022",  # October to Croats, November to Poles
        "31 Feb 2024 10:00:00 GMT",
        "2024. ábécé 1., 15:20",
        "November 21",
        "21 Nov",
        "15:20",
        "Sat 10:30",
        "may 2024",
        "下午3:20",
        "2026112110",  # a day and an hour, or seconds since 1970?
        "2026年11月21日 晚上12:00",  # which midnight?
        "2 hours ago",
        "vor 3 Tagen",
        "NaN-NaN-NaN",
        "9" * 10_000,
        "5 Adar 5786",
        "5786-11-30",
        "17 ก.พ. 69",
        "平成100年1月1日",
    ],
)
def test_what_is_no_date_or_an_impossible_one_is_none(written: str) -> None:
    assert dates.moment(written) is None


def test_the_language_of_the_feed_decides_where_a_name_means_two_months() -> None:
    assert dates.moment("5 listopada 2022", "pl-PL") == datetime(2022, 11, 5, tzinfo=UTC)
    assert dates.moment("5. listopada 2022.", "hr") == datetime(2022, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "language", "meant"),
    [
        ("Wed, 01 Jul 2026 15:20:00 IST", "en-IN", "2026-07-01 09:50:00"),
        ("Wed, 01 Jul 2026 15:20:00 IST", "he", "2026-07-01 12:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 CST", "", "2026-07-01 21:20:00"),
        ("Wed, 01 Jul 2026 15:20:00 CST", "zh-CN", "2026-07-01 07:20:00"),
        ("2026. május 1., du. 3:20", "hu", "2026-05-01 15:20:00"),
        ("24/05/13", "ja", ""),  # the year may be first there
        ("24/05/13", "en", "2013-05-24 00:00:00"),
    ],
)
def test_the_language_of_the_feed_decides_about_letters_that_mean_several_things(
    written: str, language: str, meant: str
) -> None:
    found = dates.moment(written, language)
    assert found == (datetime.fromisoformat(f"{meant}+00:00") if meant else None)


_FORMS = (
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S UTC",
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S UTC %Y",
    "%B %d, %Y %I:%M:%S %p",
    "%d %B %Y, %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%Y-%m-%d %H.%M.%S",
    "%Y/%m/%d %I:%M:%S %p",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%d.%m.%Y %H:%M:%S",
    "%G-W%V-%uT%H:%M:%SZ",
    "%Y-%jT%H:%M:%SZ",
)


@given(st.datetimes(datetime(1970, 1, 3), datetime(2068, 1, 1)), st.sampled_from(_FORMS))  # noqa: DTZ001
def test_every_moment_is_read_back_from_every_form(moment: datetime, form: str) -> None:
    second = moment.replace(microsecond=0, tzinfo=UTC)
    assert dates.moment(second.strftime(form)) == second


class _Clock(datetime):
    """A clock that stands at a moment of the test's choice."""

    today_is = datetime(2031, 2, 28, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Clock":
        return cls.fromtimestamp(cls.today_is.timestamp(), tz)

    @classmethod
    def today(cls) -> "_Clock":
        return cls.now()


_SHREDS = st.sampled_from(
    "2026 26 11 21 3 31 Nov мая mayo 5月 1日 下午 PM 10:30 3:20 +0200 EST Sat / - . , T Z listopad".split()
)


@given(st.lists(_SHREDS, max_size=8).map(" ".join) | st.text(alphabet="0123456789/-.: TZNovMay", max_size=30))
def test_todays_date_makes_no_difference(written: str) -> None:
    read = []
    for moment in (datetime(2031, 2, 28, 23, 59, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Clock, "today_is", moment)
            patch.setattr(formats, "datetime", _Clock)
            for name in ("time", "time_ns"):
                patch.setattr(time, name, moment.timestamp)
            patch.setattr(time, "localtime", lambda *_, at=moment: at.timetuple())
            patch.setattr(time, "gmtime", lambda *_, at=moment: at.timetuple())
            found = dates.moment(written)
            read.append(found and found.timestamp())
    assert read[0] == read[1]


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    moment = dates.moment(text)
    assert moment is None or moment.year >= 1970


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_what_rfc_3339_writes_is_read_back(moment: datetime) -> None:
    second = moment.astimezone(UTC).replace(microsecond=0)
    assert dates.moment(second.isoformat()) == second
    assert dates.moment(second.strftime("%Y-%m-%dT%H:%M:%SZ")) == second
