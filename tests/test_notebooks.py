"""What every stored lesson keeps to. nbval runs the cells and compares words; this looks at the rest."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import itertools
import re
import symtable
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from pizzatune._files import notebooks_dir

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted(notebooks_dir().glob("*.ipynb"))
CELLS: dict[str, range] = {}
"""How many cells a lesson may have, where it is not 15 to 40."""

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|var|opt|work|mnt|Users)/|\b[A-Z]:\\")
OUTPUT_WIDGETS = {"interact", "interact_manual", "interactive", "interactive_output", "Output"}
OUTPUT_WIDGETS |= {"clear_output"}  # nbval cannot follow it either
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "openml", "requests", "socket", "ssl", "urllib", "urllib3"}

every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def trees(path):
    return [(cell.id, ast.parse(cell.source)) for cell in code_cells(path)]


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def has_picture(cell):
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", ()))


def words_of(output):
    """All text of an output, tracebacks and HTML too."""
    texts = [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts, *output.get("traceback", ())])


def test_the_first_lesson_is_there():
    assert LESSONS[0].name == "00-start-here.ipynb"


# -- as it is stored ---------------------------------------------------------------------------------------


@every_lesson
def test_every_cell_was_run_once_and_in_order(path):
    # nbval compares nothing where a cell has no execution count.
    assert [cell.execution_count for cell in code_cells(path)] == list(range(1, len(code_cells(path)) + 1))
    assert all(cell.source.strip() for cell in read(path).cells)


@every_lesson
def test_no_output_is_a_warning_or_an_error(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", f"{cell.id}: {output.text}"
            assert not re.search(r"\b\w*Warning\b|Traceback \(most recent", words_of(output)), cell.id


@every_lesson
def test_nothing_in_it_belongs_to_one_machine(path):
    for cell in read(path).cells:
        for text in (cell.source, *map(words_of, cell.get("outputs", ()))):
            found = MACHINE_PATH.search(text)
            assert not found, f"{cell.id}: {text[found.start() :][:60]!r}"


@every_lesson
def test_it_is_baked(path):
    notebook = read(path)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    for cell in code_cells(path):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "application/vnd.jupyter.widget-view+json" not in data, cell.id
    assert path.stat().st_size < 600_000  # a drawn pizza has some 30 kB
    stored = path.read_text(encoding="utf-8")
    assert stored == nbformat.writes(notebook) + "\n", "store it with docs/store_notebooks.py"


@every_lesson
def test_what_a_picture_shows_is_said_in_words(path):
    # nbval never compares pictures, and not everybody sees them.
    for cell in code_cells(path):
        if has_picture(cell):
            assert printed(cell).strip(), f"{cell.id} has a picture and prints nothing"


# -- as it is written --------------------------------------------------------------------------------------


@every_lesson
def test_it_says_what_it_is_and_how_long_it_takes(path):
    first = read(path).cells[0].source
    assert first.startswith("# ")
    assert re.search(r"\*\*\d+ minutes\.\*\*", first)
    headings = re.findall(r"^##+ (.+)$", prose(path), flags=re.MULTILINE)
    assert len(headings) == len(set(headings))
    where = [headings.index(name) for name in ("Where the pizza stops", "Recap")]
    assert where == sorted(where)


@every_lesson
def test_each_picture_is_predicted_first(path):
    asked = False
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            asked = asked or "**Predict first.**" in cell.source
        elif has_picture(cell):
            assert asked, f"no 'Predict first' between the picture of {cell.id} and the one before it"
            asked = False


FOLDED = "<details><summary>After you have run it</summary>\n\n"


@every_lesson
def test_answers_are_folded_up_until_a_guess_was_made(path):
    asked, folded, cells = False, 0, read(path).cells
    for before, cell in itertools.pairwise(cells):
        if cell.cell_type == "markdown":
            if "<details>" in cell.source:
                assert cell.source.startswith(FOLDED), cell.id
                assert before.cell_type == "code", cell.id
                assert asked, f"{cell.id} folds up what nobody was asked"
                assert "**Predict first.**" not in cell.source.partition("</details>")[0]
                folded += 1
            asked = "**Predict first.**" in cell.source
    questions = sum(cell.source.count("**Predict first.**") for cell in cells)
    assert folded >= questions / 2  # the others are answered in an explorer, or by a picture explained


@every_lesson
def test_it_is_cut_into_bites(path):
    assert len(read(path).cells) in CELLS.get(path.stem, range(15, 41))
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= 15, cell.id


@every_lesson
def test_no_cell_ends_in_a_semicolon(path):
    # Without a history, as in nbval, IPython shows what the semicolon should have hidden.
    for cell in code_cells(path):
        assert not cell.source.rstrip().endswith(";"), f"{cell.id}: write _ = ... instead"


def names_of(table: symtable.SymbolTable) -> set[str]:
    """The names that a scope and all within it expect from outside, or from the notebook."""
    own = {
        one.get_name()
        for one in table.get_symbols()
        if one.is_referenced() and one.is_global() and not one.is_assigned()  # as in a list comprehension
    }
    return own.union(*map(names_of, table.get_children()))


@every_lesson
def test_no_cell_needs_a_name_that_comes_only_later(path):
    known = {*dir(builtins), "display"}  # of IPython
    for cell in code_cells(path):
        table = symtable.symtable(cell.source, cell.id, "exec")
        known |= {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
        unknown = names_of(table) - known
        assert not unknown, f"{cell.id} needs {sorted(unknown)}"


def test_a_name_from_a_later_cell_is_found():
    early = symtable.symtable("print([late(x) for x in xs], lambda y: y + later)", "cell", "exec")
    assert names_of(early) - set(dir(builtins)) == {"late", "xs", "later"}


@every_lesson
def test_no_cell_uses_the_output_widget_or_the_network(path):
    for where, tree in trees(path):
        for node in ast.walk(tree):
            name = getattr(node, "id", None) or getattr(node, "attr", None)
            assert name not in OUTPUT_WIDGETS, f"{where}: {name} hides errors from tests"
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names}
                modules = {node.module or ""} if isinstance(node, ast.ImportFrom) else names
                assert not {module.split(".")[0] for module in modules} & NETWORK, where
                assert not names & OUTPUT_WIDGETS, where
            assert not (name or "").startswith("fetch_"), f"{where}: use data that ships with scikit-learn"


@every_lesson
def test_a_link_to_a_file_finds_it(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        file, _, _ = target.partition("#")
        if file and not re.match(r"\w+:", file):
            assert (path.parent / unquote(file)).exists(), target


# -- as it runs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, complaint",
    [
        ("import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)", r"asked for 192\.0\.2\.1"),
        ("import socket; socket.getaddrinfo('example.org', 80)", r"asked for example\.org"),
    ],
)
def test_a_lesson_that_wants_the_network_is_found(source, complaint):
    # The kernels that nbval starts have the same environment, see conftest.py.
    client = NotebookClient(new_notebook(cells=[new_code_cell(source)]))
    with pytest.raises(CellExecutionError, match=complaint):
        client.execute()


# -- storing -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store():
    """The function `store` of docs/store_notebooks.py."""
    spec = importlib.util.spec_from_file_location("store_notebooks", ROOT / "docs" / "store_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.store


def test_a_lesson_stored_twice_is_the_same_file(store, tmp_path):
    line = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])\nprint('up')\nprint('down')"
    cells = [
        new_code_cell(line, id="line"),
        new_code_cell("import ipywidgets\nipywidgets.IntSlider(5)", id="knob"),
    ]
    path = tmp_path / "small.ipynb"
    language = {"name": "python", "version": "3.0"}
    nbformat.write(new_notebook(cells=cells, metadata={"widgets": {}, "language_info": language}), path)
    assert store(path)
    first = path.read_bytes()
    assert not store(path)
    assert path.read_bytes() == first
    drawn, _ = code_cells(path)
    assert printed(drawn) == "up\ndown\n"
    assert has_picture(drawn)
    test_it_is_baked(path)
    test_every_cell_was_run_once_and_in_order(path)


def test_a_lesson_with_a_failing_cell_is_not_stored(store, tmp_path):
    path = tmp_path / "burnt.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("raise OSError('burnt down')", id="fire")]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="burnt down"):
        store(path)
    assert path.read_bytes() == before


@every_lesson
def test_a_question_stands_in_a_box_of_its_own(path):
    for cell in read(path).cells:
        for line in cell.source.split("\n") if cell.cell_type == "markdown" else ():
            assert not line.startswith("**Predict first.**"), cell.id


@every_lesson
def test_it_speaks_as_people_do(path):
    said = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert not re.findall(r"(?i)whoever|foretell|foretold|\bdear\b|misconception|\(M\d+\)", said)
