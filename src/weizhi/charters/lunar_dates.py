"""The three lunar festivals and Qingming, for the years whose holidays are not announced yet.

A table instead of a library: the well-known conversion packages are under the GPL, and three dates a year
are facts that fit on one screen. Beyond the table only the solar holidays are known; those years are
provisional anyway and are computed again when the State Council announces them.
"""

from datetime import date, timedelta

# Gregorian month and day of 春节 (正月初一), 端午 (五月初五) and 中秋 (八月十五).
_FESTIVALS: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
    2036: ((1, 28), (5, 30), (10, 4)),
    2037: ((2, 15), (6, 18), (9, 24)),
    2038: ((2, 4), (6, 7), (9, 13)),
    2039: ((1, 24), (5, 27), (10, 2)),
    2040: ((2, 12), (6, 14), (9, 20)),
    2041: ((2, 1), (6, 3), (9, 10)),
    2042: ((1, 22), (6, 22), (9, 28)),
    2043: ((2, 10), (6, 11), (9, 17)),
    2044: ((1, 30), (5, 31), (10, 5)),
    2045: ((2, 17), (6, 19), (9, 25)),
    2046: ((2, 6), (6, 8), (9, 15)),
    2047: ((1, 26), (5, 29), (10, 4)),
    2048: ((2, 14), (6, 15), (9, 22)),
    2049: ((2, 2), (6, 4), (9, 11)),
    2050: ((1, 23), (6, 23), (9, 30)),
}

TABLE_YEARS = frozenset(_FESTIVALS)


def qingming(year: int) -> date:
    """Return Qingming of a year of this century, by the common solar-term formula (2000-2099)."""
    short = year - 2000
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def statutory_holidays(year: int) -> frozenset[date]:
    """Return the days off fixed by law for everybody: 13 a year since 2025 (全国年节及纪念日放假办法)."""
    days = {date(year, 1, 1), date(year, 5, 1), date(year, 5, 2)}
    days |= {date(year, 10, day) for day in (1, 2, 3)}
    if 2000 <= year < 2100:
        days.add(qingming(year))
    if festivals := _FESTIVALS.get(year):
        spring, dragon_boat, mid_autumn = (date(year, *month_day) for month_day in festivals)
        # 除夕 (a day off by law since 2025) to 初三.
        days |= {spring + timedelta(days=offset) for offset in (-1, 0, 1, 2)}
        days |= {dragon_boat, mid_autumn}
    return frozenset(days)
