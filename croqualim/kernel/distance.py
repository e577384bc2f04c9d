"""Distances over ground, from degrees kept in millionths."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_METRES = 6_371_009  # IUGG mean radius
MILLION = 1_000_000

Point = tuple[int, int]  # latitude and longitude, in microdegrees


def metres_between(a: Point, b: Point) -> int:
    """As the crow flies, by the haversine formula (R. W. Sinnott, 1984): within 0.5 %."""
    (latitude_a, longitude_a), (latitude_b, longitude_b) = (
        (radians(latitude / MILLION), radians(longitude / MILLION))
        for latitude, longitude in (a, b)
    )
    across = sin((latitude_b - latitude_a) / 2) ** 2
    along = cos(latitude_a) * cos(latitude_b) * sin((longitude_b - longitude_a) / 2) ** 2
    return round(2 * EARTH_RADIUS_METRES * asin(sqrt(min(1.0, across + along))))
