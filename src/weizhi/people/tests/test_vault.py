"""Telephone and ID numbers: encrypted for one person, found by exact search, never readable from the database alone."""

import pytest

from weizhi.people import vault
from weizhi.people.models import Person
from weizhi.secrets.keyring import DecryptionError


@pytest.fixture
def lin(db: None) -> Person:
    person = Person(login="lin", name="林姨")
    vault.put(person, vault.PHONE, "138 0013-8000")
    person.save()
    return person


def test_a_number_is_read_back_and_found_however_it_is_typed(lin: Person) -> None:
    assert vault.get(lin, vault.PHONE) == "13800138000"
    assert Person.objects.get(phone_blind=vault.blind(vault.PHONE, "138001 38000")) == lin


def test_the_row_holds_no_number(lin: Person) -> None:
    row = Person.objects.values().get(pk=lin.pk)
    assert b"13800138000" not in bytes(row["phone_cipher"])
    assert "13800138000" not in str(row)


def test_a_value_cannot_be_moved_to_another_person_or_field(lin: Person) -> None:
    other = Person.objects.create(login="guo", name="郭先生", phone_cipher=lin.phone_cipher)
    with pytest.raises(DecryptionError):
        vault.get(other, vault.PHONE)
    lin.id_number_cipher = lin.phone_cipher
    with pytest.raises(DecryptionError):
        vault.get(lin, vault.ID_NUMBER)


def test_an_empty_number_leaves_nothing(lin: Person) -> None:
    vault.put(lin, vault.PHONE, "")
    assert lin.phone_cipher is None
    assert lin.phone_blind == ""
