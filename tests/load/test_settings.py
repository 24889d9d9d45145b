from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.load.settings import read_settings
from kap_content.load.tree.nodes import Entries, Items, Node, Scalar
from kap_content.load.tree.toml_nodes import parse_toml
from kap_content.model.errors import SettingsError
from kap_content.model.finding import Severity
from kap_content.model.place import Place
from kap_content.model.settings import Settings

NO_ENVIRONMENT: dict[str, str] = {}


def read(folder: Path, text: str, file: str = "kap.toml") -> Settings:
    (folder / file).write_text(text, encoding="utf-8")
    return read_settings(folder, NO_ENVIRONMENT)


def refused(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    return caught.value


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path, NO_ENVIRONMENT) == Settings()


def test_an_empty_file_holds_the_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
pages = "content/*.md"
claims = ["claims.yaml", "more/*.yaml"]
bibliography = "library.bib"
output = "public"
style = "nlm"
mailto = "editor@example.org"
max_age_days = 7
source_max_age_years = 3
data_max_age_years = 8

[rules]
select = ["CLM", "REF001"]
ignore = "WRD006"
severity = {WRD001 = "note", orphan-reference = "error"}

[rules.per-file]
"pages/old/*.md" = ["CUR", "WRD002"]

[registries]
crossref_url = "http://127.0.0.1:8000/crossref/"
retraction_watch = "data/watch.csv"

[words]
absolutes = ["wholly"]
temporal = "words/temporal.txt"
superlatives = {words = ["peerless"], replace = true}

[review]
required_roles = ["medical", "legal"]

[render]
base_url = "https://example.org/health/"
template = "page.html"
""",
    )
    assert (found.pages, found.claims) == (("content/*.md",), ("claims.yaml", "more/*.yaml"))
    assert (found.bibliography, found.output, found.style) == (("library.bib",), "public", "nlm")
    assert (found.mailto, found.max_age_days) == ("editor@example.org", 7)
    assert (found.source_max_age_years, found.data_max_age_years) == (3, 8)
    assert (found.rules.select, found.rules.ignore) == (("CLM", "REF001"), ("WRD006",))
    assert found.rules.severity == {"WRD001": Severity.NOTE, "orphan-reference": Severity.ERROR}
    assert found.rules.per_file == {"pages/old/*.md": ("CUR", "WRD002")}
    assert found.registries.crossref_url == "http://127.0.0.1:8000/crossref"
    assert found.registries.datacite_url == "https://api.datacite.org"
    assert found.registries.retraction_watch == "data/watch.csv"
    assert found.words == {"absolutes": ("wholly",), "temporal": (), "superlatives": ("peerless",)}
    assert (found.word_files, found.words_replaced) == ({"temporal": "words/temporal.txt"}, ("superlatives",))
    assert found.review.required == ("medical", "legal")
    assert (found.base_url, found.template) == ("https://example.org/health", "page.html")


def test_settings_may_stand_in_pyproject(tmp_path: Path) -> None:
    found = read(tmp_path, '[project]\nname = "x"\n\n[tool.kap]\nstyle = "nlm"\n', "pyproject.toml")
    assert found.style == "nlm"
    assert found.places["style"] == Place("pyproject.toml", 5, 9, 5, 14)


def test_kap_toml_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.kap]\nstyle = "nlm"\n')
    assert read(tmp_path, 'style = "bmj"\n').style == "bmj"


def test_places_are_known_by_dotted_name_and_number(tmp_path: Path) -> None:
    found = read(tmp_path, '[rules]\nselect = [\n  "CLM",\n  "REF001",\n]\n')
    assert found.places["rules.select"] == Place("kap.toml", 2, 1, 2, 7)
    assert found.places["rules.select.1"] == Place("kap.toml", 4, 3, 4, 11)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("max_age_day = 3\n", 1, 1, "“max_age_day” is no field of a settings file"),
        ('max_age_days = "30"\n', 1, 16, "“max_age_days” wants a whole number; here is “30”"),
        ("max_age_days = true\n", 1, 16, "“max_age_days” wants a whole number; here is true (true or false)"),
        ("max_age_days = -1\n", 1, 16, "“max_age_days” is -1; 0 to 36500 can be meant"),
        ("style = 5\n", 1, 9, "“style” wants text; here is 5 (a whole number)"),
        ("\n[rules]\nselct = []\n", 3, 1, "“selct” is no field of a [rules] table"),
        ("[rules]\nper_file = {}\n", 2, 1, "“per_file” is no field of a [rules] table"),
        ('[rules.severity]\nWRD001 = "fatal"\n', 2, 10, "“WRD001” wants one of error, warning, note; here is “fatal”"),
        ('[registries]\ndoi_url = "doi.org"\n', 2, 11, "“doi_url” wants an http or https URL; here is “doi.org”"),
        ('[registries]\ndoi_url = "file:///etc"\n', 2, 11, "“doi_url” wants an http or https URL"),
        ('mailto = "nobody"\n', 1, 10, "“mailto” is no e-mail address: “nobody”"),
        ('pages = ["a.md", "../b.md"]\n', 1, 18, "“pages” leads out of the project: “../b.md”"),
        ('output = "/var/www"\n', 1, 10, "“output” leads out of the project: “/var/www”"),
        ("pages = [1]\n", 1, 10, "“pages” wants text; here is 1 (a whole number)"),
        ('style = "a"\nstyle = "b"\n', 2, 12, "this is not TOML: Cannot overwrite a value"),
        ("style = nlm\n", 1, 9, "this is not TOML: Invalid value"),
    ],
)
def test_what_is_wrong_is_placed(tmp_path: Path, text: str, line: int, column: int, message: str) -> None:
    error = refused(tmp_path, text)
    assert error.place is not None
    assert (error.place.path, error.place.line, error.place.column) == ("kap.toml", line, column)
    assert error.message.startswith(message)


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    assert refused(tmp_path, "max_age_day = 3\n").help == "Did you mean “max_age_days”?"


@pytest.mark.parametrize(
    ("text", "line", "held"),
    [
        ('output = "."\n', 1, "pages/**/*.md"),
        ('output = "pages"\n', 1, "pages/**/*.md"),
        ('output = "./pages/"\n', 1, "pages/**/*.md"),
        ('output = "claims"\n', 1, "claims/**/*.yaml"),
        ('pages = "docs/content/*.md"\noutput = "docs"\n', 2, "docs/content/*.md"),
        ('bibliography = "lib/a.bib"\noutput = "lib"\n', 2, "lib/a.bib"),
        ('output = "layout"\n[render]\ntemplate = "layout/page.html"\n', 1, "layout/page.html"),
        ('pages = "site/*.md"\n', 1, "site/*.md"),
    ],
)
def test_pages_are_not_rendered_among_the_sources(tmp_path: Path, text: str, line: int, held: str) -> None:
    error = refused(tmp_path, text)
    assert error.place is not None
    assert (error.place.path, error.place.line) == ("kap.toml", line)
    assert held in error.message


@pytest.mark.parametrize(
    "text",
    [
        'output = "public"\n',
        'output = "page"\n',
        'pages = "**/*.md"\n',
        'pages = "*.md"\noutput = "docs/html"\n',
        'pages = "docs/*.md"\noutput = "docs/html"\n',
    ],
)
def test_a_folder_of_its_own_may_stand_anywhere(tmp_path: Path, text: str) -> None:
    read(tmp_path, text)


def test_an_output_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "public").symlink_to(tmp_path, target_is_directory=True)
    assert refused(project, 'output = "public"\n').message.startswith("“output” leads out of the project: “public”")


def test_the_help_for_a_list_is_in_the_words_of_the_file(tmp_path: Path) -> None:
    pages = refused(tmp_path, "pages = 5\n")
    assert pages.help == 'Write it in quotation marks, "…", or several in brackets: ["…", "…"].'
    words = refused(tmp_path, "[words.weasels]\nwords = 5\n")
    assert words.help == 'Write the texts in quotation marks, in brackets: ["…", "…"].'


def test_further_faults_are_counted(tmp_path: Path) -> None:
    assert refused(tmp_path, "a = 1\nb = 2\nc = 3\n").message.endswith("(2 more follow)")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kap.toml").write_bytes('style = "nlm"\n'.encode("utf-16"))
    with pytest.raises(SettingsError, match="UTF-16"):
        read_settings(tmp_path, NO_ENVIRONMENT)


def test_a_folder_called_kap_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kap.toml").mkdir()
    with pytest.raises(SettingsError, match="folder"):
        read_settings(tmp_path, NO_ENVIRONMENT)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "kap.toml").write_text('mailto = "a@example.org"\n[registries]\ndoi_url = "https://a.example"\n')
    found = read_settings(
        tmp_path,
        {
            "KAP_MAILTO": "b@example.org",
            "KAP_DOI_URL": "http://localhost:9/",
            "KAP_EUROPEPMC_URL": "http://localhost:8",
        },
    )
    assert (found.mailto, found.registries.doi_url) == ("b@example.org", "http://localhost:9")
    assert found.registries.europepmc_url == "http://localhost:8"


def test_a_wrong_url_of_the_environment_is_named_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KAP_PUBMED_URL is no http or https URL"):
        read_settings(tmp_path, {"KAP_PUBMED_URL": "localhost"})


def _scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Items):
        return [scalar for item in node.items for scalar in _scalars(item)]
    assert isinstance(node, Entries)
    return [scalar for key, value in node.entries for scalar in (key, *_scalars(value))]


KEYS = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
VALUES = st.recursive(
    st.sampled_from(['"a"', "'b'", "12", "1.5", "true", "1979-05-27", '"""x\ny"""', "'''\nz'''", '"#"', '"a]"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(inner, max_size=3).map(lambda items: "[\n" + "".join(f"  {item}, # {{\n" for item in items) + "]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        )
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(KEYS.map(lambda key: f"t_{key}"), st.dictionaries(KEYS, VALUES, max_size=3), max_size=3),
)
@limits(max_examples=80, deadline=None)
def test_every_key_of_a_toml_file_is_found_where_it_stands(
    plain: dict[str, str], tables: dict[str, dict[str, str]]
) -> None:
    source = "".join(f"{key} = {value}\n" for key, value in plain.items())
    for name, table in tables.items():
        source += f"\n[ {name} ] # a table\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
    lines = source.split("\n")
    for scalar in _scalars(parse_toml("kap.toml", source)):
        at = lines[scalar.line - 1][scalar.column - 1 :]
        assert at.startswith((scalar.text, '"', "'")), (scalar, at)


@given(st.text(max_size=80))
@limits(max_examples=150, deadline=None)
def test_whatever_the_text_it_is_toml_or_refused_inside_it(text: str) -> None:
    place: Place | None = Place("kap.toml")
    try:
        parse_toml("kap.toml", text)
    except SettingsError as error:
        place = error.place
    assert place is not None
    assert 1 <= place.line <= text.count("\n") + 1
