"""The charters that come with Weizhi, and the sketches of rows to come."""

import os
import tomllib
from pathlib import Path

import jsonschema
import pytest

from weizhi.charters.findings import CharterError
from weizhi.charters.loading import Library, check_file, library_names, load, parse_text, thaw
from weizhi.charters.schema import schema
from weizhi.charters.spec import KNOWN_KINDS
from weizhi.charters.standing import STANDING

REPO = Path(__file__).parents[4]
SHARED = Path(os.environ.get("WEIZHI_SHARED", REPO.parent / "shared"))
SKETCHED = sorted((REPO / "docs" / "sketches").glob("*.toml"))
GIVEN = sorted((SHARED / "sketches").glob("*.toml"))
SCHEMA = schema()


@pytest.mark.parametrize("name", library_names())
def test_a_library_charter_has_no_fault_and_needs_only_what_is_there(name: str):
    checked = check_file(name)
    assert [str(finding) for finding in checked.findings] == []
    charter = load(name)
    assert charter.name == name and charter.language == 1
    used = {step.kind for procedure in charter.procedures.values() for step in procedure.steps.values()}
    assert used <= set(STANDING)


@pytest.mark.parametrize("name", library_names())
def test_a_charter_thaws_to_itself(name: str):
    charter = load(name)
    again = thaw(charter.canonical())
    assert again.model_dump() == charter.model_dump()
    assert again.canonical() == charter.canonical() and again.hash == charter.hash and len(charter.hash) == 64
    kinds = {kind: list(charter.procedure_of(kind).steps) for kind in charter.kinds}
    assert {kind: list(again.procedure_of(kind).steps) for kind in again.kinds} == kinds


@pytest.mark.parametrize("name", library_names())
def test_the_schema_takes_what_the_checker_takes(name: str):
    source = Library()(name)
    assert source is not None
    jsonschema.validate(tomllib.loads(source[1]), SCHEMA)


def test_the_schema_refuses_a_misspelt_word_of_a_step_kind():
    step = '[procedures.p.steps.a]\nkind = "handle"\nevidense = "required"'
    text = f'[charter]\nlanguage = 1\nname = "x"\ntitle = "x"\n{step}'
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize("file", [*SKETCHED, *GIVEN], ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_a_sketch_is_right_but_for_step_kinds_that_no_room_provides_yet(file: Path):
    checked = check_file(file)
    assert [str(finding) for finding in checked.errors] == []
    assert checked.charter is not None
    for finding in checked.findings:
        assert finding.severity == "missing"
        assert any(room in finding.message for room in set(KNOWN_KINDS.values()))
    kinds = {step.kind for _, p in checked.charter.procedures.items() for step in p.steps.values()}
    named = {word for finding in checked.findings for word in KNOWN_KINDS if f"“{word}”" in finding.message}
    assert kinds - set(STANDING) <= named
    jsonschema.validate(tomllib.loads(file.read_text(encoding="utf-8")), SCHEMA)
    if checked.findings:
        with pytest.raises(CharterError):
            load(file)
    assert load(file, allow_unprovided=True).name == file.stem


def test_the_six_given_sketches_are_there():
    if not GIVEN:
        pytest.skip("the shared sketches are not beside this repository (set WEIZHI_SHARED)")
    assert len(GIVEN) == 6


def test_four_more_rows_are_sketched():
    assert len(SKETCHED) >= 4


def test_the_charter_that_the_guide_teaches_is_right():
    guide = (REPO / "docs" / "charters.md").read_text(encoding="utf-8")
    example = guide.split("```toml\n")[1].split("```")[0]
    assert [str(finding) for finding in parse_text(example, "ours.toml").findings] == []


def test_the_guide_names_every_kind_that_stands():
    guide = (REPO / "docs" / "charters.md").read_text(encoding="utf-8")
    assert all(f"| `{kind}` |" in guide for kind in STANDING)
