import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from weizhi.secrets.keyring import DecryptionError, KeyFileError, Keyring, new_keyring, open_keyring

LIN = "people.Person:0197a000-0000-7000-8000-000000000001:phone"
ZHOU = "people.Person:0197a000-0000-7000-8000-000000000002:phone"


@pytest.fixture
def keyring() -> Keyring:
    return new_keyring()


@given(st.text(), st.text(max_size=20))
def test_what_goes_in_comes_out(plaintext: str, identity: str) -> None:
    keyring = new_keyring()
    try:
        plaintext.encode() + identity.encode()
    except UnicodeEncodeError:
        return
    assert keyring.decrypt(keyring.encrypt(plaintext, identity), identity) == plaintext


def test_nothing_shows_and_nothing_repeats(keyring: Keyring) -> None:
    first, second = (keyring.encrypt("13812345678", LIN) for _ in range(2))
    assert first != second
    assert b"13812345678" not in first


def test_a_value_cannot_be_moved_to_another_person(keyring: Keyring) -> None:
    with pytest.raises(DecryptionError, match="不属于这一行"):
        keyring.decrypt(keyring.encrypt("13812345678", LIN), ZHOU)


def test_every_changed_byte_is_noticed(keyring: Keyring) -> None:
    sealed = keyring.encrypt("13812345678", LIN)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(DecryptionError):
            keyring.decrypt(bytes(changed), LIN)
        with pytest.raises(DecryptionError):
            keyring.decrypt(sealed[:position], LIN)


def test_blind_index_finds_equal_values_only(keyring: Keyring) -> None:
    assert keyring.blind("138 1234 5678", "phone") == keyring.blind("13812345678", "phone")
    assert keyring.blind("11010519491231002x", "id") == keyring.blind("11010519491231002X", "id")
    assert keyring.blind("13812345678", "phone") != keyring.blind("13812345679", "phone")
    assert keyring.blind("13812345678", "phone") != keyring.blind("13812345678", "id")
    assert keyring.blind("13812345678", "phone") != new_keyring().blind("13812345678", "phone")
    assert len(keyring.blind("1", "phone")) == 64


def test_signatures(keyring: Keyring) -> None:
    signature = keyring.sign(b"root")
    public = Ed25519PublicKey.from_public_bytes(keyring.public_key())
    public.verify(signature, b"root")
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"other root")


def test_rotation_reads_the_old_and_writes_the_new(keyring: Keyring) -> None:
    old, old_public = keyring.encrypt("13812345678", LIN), keyring.public_key()
    rotated = keyring.rotated()
    assert rotated.decrypt(old, LIN) == "13812345678"
    new = rotated.reencrypt(old, LIN)
    assert new is not None
    assert rotated.reencrypt(new, LIN) is None
    assert rotated.decrypt(new, LIN) == "13812345678"
    with pytest.raises(DecryptionError, match="f2"):
        keyring.decrypt(new, LIN)
    assert rotated.public_key("s1") == old_public != rotated.public_key()
    assert rotated.blind("1", "phone") == keyring.blind("1", "phone")
    assert rotated.rotated().field_key_id == "f3"


def test_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "apart" / "keys.json"
    first = open_keyring(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_keyring(path) == first
    assert list(path.parent.iterdir()) == [path]
    first.rotated().save(path)
    os.utime(path, ns=(1, 1))
    assert open_keyring(path).field_key_id == "f2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    open_keyring(path)
    path.chmod(0o640)
    os.utime(path, ns=(1, 1))
    with pytest.raises(KeyFileError, match="chmod 600"):
        open_keyring(path)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"format":"weizhi-keys-2"}', "half"])
def test_damaged_file_is_refused_and_never_replaced(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "keys.json"
    open_keyring(path)
    text = path.read_text() if damage == "half" else damage
    broken = text[: len(text) // 2] if damage == "half" else text
    path.write_text(broken)
    os.utime(path, ns=(1, 1))
    with pytest.raises(KeyFileError, match="不要删掉重建"):
        open_keyring(path)
    assert path.read_text() == broken


def test_processes_that_start_at_once_take_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    code = (
        "import sys,pathlib;from weizhi.secrets.keyring import open_keyring;"
        "print(open_keyring(pathlib.Path(sys.argv[1])).public_key().hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert all(process.returncode == 0 for process in started)


def test_keys_are_not_printed(keyring: Keyring) -> None:
    shown = repr(keyring)
    assert "f1" in shown
    assert keyring.blind_key.hex() not in shown
    assert repr(keyring.blind_key) not in shown


def test_file_is_plain_json_with_key_ids(tmp_path: Path) -> None:
    open_keyring(tmp_path / "keys.json")
    data = json.loads((tmp_path / "keys.json").read_text())
    assert data["fields"]["current"] == "f1"
    assert data["signing"]["current"] == "s1"
