"""Where on Earth: the shifted coordinates of Chinese maps, and back. Pure; degrees, longitude first.

Maps published in China show GCJ-02, which is WGS-84 (what a satellite receiver says) moved by some hundred metres;
Baidu moves it once more (BD-09). We keep WGS-84, as GeoJSON demands (RFC 7946), and convert at the border.
The shift is the published polynomial (Krasovsky 1940 ellipsoid); its inverse is found by iteration, to 1e-9 degrees.
"""

from math import atan2, cos, pi, sin, sqrt

Position = tuple[float, float]
WGS84, GCJ02, BD09 = "wgs84", "gcj02", "bd09"
SYSTEMS = {GCJ02: "高德、腾讯地图（GCJ-02）", BD09: "百度地图（BD-09）", WGS84: "GPS、天地图（WGS-84）"}
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
CLOSE, TURNS = 1e-9, 20


def in_china(longitude: float, latitude: float) -> bool:
    """Whether a position lies in the rectangle in which the shift is made."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def to_wgs84(longitude: float, latitude: float, system: str) -> Position:
    """The position as we keep it, from one of the three systems."""
    if system == BD09:
        longitude, latitude = _gcj02_from_bd09(longitude, latitude)
    elif system == WGS84:
        return longitude, latitude
    elif system != GCJ02:
        raise ValueError(system)
    return _wgs84_from_gcj02(longitude, latitude)


def gcj02_from_wgs84(longitude: float, latitude: float) -> Position:
    """The position as a Chinese map shows it."""
    if not in_china(longitude, latitude):
        return longitude, latitude
    east, north = _shift(longitude - 105.0, latitude - 35.0)
    angle = latitude / 180.0 * pi
    curve = 1 - ECCENTRICITY * sin(angle) ** 2
    north = north * 180.0 / (AXIS * (1 - ECCENTRICITY) / (curve * sqrt(curve)) * pi)
    east = east * 180.0 / (AXIS / sqrt(curve) * cos(angle) * pi)
    return longitude + east, latitude + north


def _wgs84_from_gcj02(longitude: float, latitude: float) -> Position:
    east, north = longitude, latitude
    for _ in range(TURNS):
        shown = gcj02_from_wgs84(east, north)
        off = shown[0] - longitude, shown[1] - latitude
        east, north = east - off[0], north - off[1]
        if max(abs(off[0]), abs(off[1])) < CLOSE:
            break
    return east, north


def _gcj02_from_bd09(longitude: float, latitude: float) -> Position:
    x, y = longitude - 0.0065, latitude - 0.006
    radius = sqrt(x * x + y * y) - 0.00002 * sin(y * pi * 3000.0 / 180.0)
    angle = atan2(y, x) - 0.000003 * cos(x * pi * 3000.0 / 180.0)
    return radius * cos(angle), radius * sin(angle)


def _shift(x: float, y: float) -> Position:
    """Metres east and north, as the polynomial says."""
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return east, north
