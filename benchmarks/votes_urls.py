"""What a ballot is held against: a view of the same app that signs in the same way and inserts one row."""

import json
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from weizhi.places.models import uuid_parameter
from weizhi.portal.visitor import person_of, standing_of
from weizhi.site.urls import urlpatterns as own


def one_row(request: HttpRequest) -> JsonResponse:
    person, sent = person_of(request), json.loads(request.body)
    if person is None or not standing_of(request).keys:
        return JsonResponse({}, status=401)
    key = uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_row (id, person, word) VALUES (%s, %s, %s)",
            [uuid_parameter(key), uuid_parameter(person.pk), sent["choice"]],
        )
    return JsonResponse({"id": str(key)})


urlpatterns = [*own, path("one-row", one_row)]
