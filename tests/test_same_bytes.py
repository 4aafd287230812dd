"""The same bytes on other processors: nothing that decides asks BLAS, and artworks do not hang on the last bit."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artkit.algebra import (
    eigen,
    inner,
    inverse,
    least_squares,
    norm,
    product,
    pseudo_inverse,
    rounded,
    solve,
)

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "artkit").rglob("*.py"))

BLAS = {
    "dot",
    "vdot",
    "inner",
    "matmul",
    "tensordot",
    "multi_dot",
    "einsum",
    "convolve",
    "correlate",
    "polyfit",
    "cov",
    "corrcoef",
    "solve",
    "inv",
    "pinv",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "svd",
    "svdvals",
    "lstsq",
    "det",
    "slogdet",
    "cholesky",
    "qr",
    "matrix_rank",
    "matrix_power",
    "cond",
    "solveh_banded",
    "solve_banded",
    "spsolve",
    "splu",
    "cg",
    "eigsh",
    "svds",
    "fftconvolve",
    "KMeans",
    "PCA",
    "cdist",
}
"""Functions of numpy, scipy and scikit-learn that call BLAS or LAPACK, or may."""

ALLOWED = {
    "inkscape/script.py": "transforms of inkex, no arrays",
    "color/diffusion.py": "whole numbers of 17 bits, whose products are exact in any order",
    "color/nearest.py": "whole numbers, whose products are exact in any order",
    "export/gif/one_index.py": "whole numbers",
    "export/gif/palette.py": "whole numbers",
    "ops/tone.py": "whole numbers",
    "tracer/dotted.py": "whole numbers",
    "algebra.py": "a view of the diagonal",
    "planar/refine.py": "a view of the diagonal",
    "tracer/polish/steps.py": "products of sparse matrices, which scipy does in loops of its own",
    "tracer/polish/ways.py": "a product of a sparse matrix, which scipy does in loops of its own",
}


def calls_of_blas(tree: ast.AST) -> list[str]:
    """Lines on which numbers are multiplied by BLAS, or may be."""
    own = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("artkit")
        for alias in node.names
    }
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.MatMult):
            found.append(f"line {node.lineno}: @")
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in BLAS and name not in own:
                found.append(f"line {node.lineno}: {name}")
            if name == "norm" and isinstance(node.func, ast.Attribute) and not _has_axis(node):
                found.append(f"line {node.lineno}: norm of a whole array")
    return found


def _has_axis(call: ast.Call) -> bool:
    return len(call.args) > 2 or any(keyword.arg == "axis" for keyword in call.keywords)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    return {path.relative_to(ROOT / "artkit").as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}


def test_nothing_that_decides_asks_blas(trees):
    calls = {name: calls_of_blas(tree) for name, tree in trees.items()}
    assert {name for name in calls if calls[name]} == set(ALLOWED), {n: c for n, c in calls.items() if c}


@pytest.mark.parametrize(
    "text",
    [
        "a @ b",
        "a @= b",
        "np.dot(a, b)",
        "np.linalg.norm(a)",
        "np.linalg.inv(a)",
        "from scipy.linalg import solve\nsolve(a)",
    ],
)
def test_the_search_for_blas_finds_it(text):
    assert calls_of_blas(ast.parse(text))


@pytest.mark.parametrize(
    "text", ["a * b", "np.linalg.norm(a, axis=1)", "from artkit.algebra import solve\nsolve(a, b)"]
)
def test_the_search_for_blas_leaves_the_rest(text):
    assert not calls_of_blas(ast.parse(text))


def unstable_sorts(tree: ast.AST) -> list[int]:
    """Lines of sorts that give equal things in an order that hangs on the processor's vector unit."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("argsort", "argpartition")
        and not any(keyword.arg == "kind" for keyword in node.keywords)
    ]


def test_equal_things_keep_their_order(trees):
    assert not {name: lines for name, tree in trees.items() if (lines := unstable_sorts(tree))}


NUMERIC = ("planar", "tracer", "raster", "styles", "pens/draw", "pens/prepare", "algebra.py", "arrays.py")


def swallowing(tree: ast.AST) -> list[int]:
    """Lines of `except` of anything at all that do not raise."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(part, ast.Raise) for part in ast.walk(node))
    ]


STRANGERS = {
    "artwork/formats.py": "another package's writer, which is named as broken",
    "artwork/larger/__init__.py": "a damaged file has no size; what reads it says what is wrong",
    "artwork/larger/png.py": "a picture with broken EXIF data is still a picture",
    "artwork/photo.py": "a decoder's complaint of a damaged file, told in words or of what is not the picture",
    "batch/plan.py": "the size of a photo whose reading will tell what is wrong with it",
    "batch/running.py": "told as the failure of one photo of many",
    "batch/slot.py": "goes to the process that asked, which raises it",
    "batch/work.py": "told as the failure of one artwork of many",
    "batch/workers.py": "goes to whoever asked, in whom it is raised",
    "cli/apart.py": "told as the failure of one artwork of many",
    "cli/frame.py": "tells the user, and exits",
    "footage/animated.py": "a damaged file has no frames; what reads photos says what is wrong",
    "interrupts.py": "the process ends in the next lines, whatever undoing finds",
    "metadata/embedded.py": "a damaged file says nothing of itself",
    "registry/discovery.py": "another package's operations, which are named as broken",
}


def test_no_exception_is_swallowed():
    found = set()
    for path in MODULES:
        name, tree = path.relative_to(ROOT / "artkit").as_posix(), ast.parse(path.read_text("utf-8"))
        if name.startswith(NUMERIC):
            assert not any(isinstance(node, ast.ExceptHandler) for node in ast.walk(tree)), name
        if swallowing(tree):
            found.add(name)
    assert found <= set(STRANGERS), found


# --- algebra


NUMBERS = st.floats(-100, 100, allow_subnormal=False)


@given(st.data(), st.integers(1, 20), st.integers(1, 6), st.integers(1, 6))
@pytest.mark.slow
def test_products_are_those_of_numpy(data, length, rows, columns):
    a, b = (
        data.draw(arrays(float, (3, rows, length), elements=NUMBERS)),
        data.draw(arrays(float, (3, length, columns), elements=NUMBERS)),
    )
    assert np.allclose(product(a, b), a @ b, atol=1e-8)
    assert np.allclose(product(a[0], b[0]), a[0] @ b[0], atol=1e-8)
    assert np.allclose(product(a[0], b[0, :, 0]), a[0] @ b[0, :, 0], atol=1e-8)
    assert np.allclose(product(a[0, 0], b[0]), a[0, 0] @ b[0], atol=1e-8)
    assert np.isclose(inner(a[0, 0], b[0, :, 0]), a[0, 0] @ b[0, :, 0], atol=1e-8)
    assert np.isclose(norm(a[0]), np.linalg.norm(a[0]))


@pytest.mark.parametrize(("one", "other"), [((0, 3), (3, 2)), ((40, 0), (0, 2)), ((2, 40), (40, 0)), ((0, 40), (40,))])
def test_products_of_nothing_are_those_of_numpy(one, other):
    assert np.array_equal(product(np.ones(one), np.ones(other)), np.ones(one) @ np.ones(other))


def test_shapes_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="do not match"):
        product(np.ones((2, 3)), np.ones((2, 3)))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 9, 30])
def test_systems_are_solved_and_matrices_inverted(size):
    chance = np.random.default_rng(size)
    matrix, right = chance.normal(size=(20, size, size)), chance.normal(size=(20, size, 2))
    found = solve(matrix, right)
    assert np.allclose(matrix @ found, right, atol=1e-8)
    assert np.allclose(solve(matrix[0], right[0, :, 0]), np.linalg.solve(matrix[0], right[0, :, 0]))
    assert np.allclose(inverse(matrix) @ matrix, np.eye(size), atol=1e-7)
    swapped = np.eye(size)[::-1]
    assert np.array_equal(inverse(swapped), swapped)


def test_a_singular_matrix_gives_no_number_and_no_warning():
    assert not np.isfinite(solve(np.ones((2, 2)), np.array([1.0, 2.0]))).all()


@pytest.mark.parametrize("size", [1, 2, 3, 6, 27])
def test_eigenvectors_make_the_matrix_again(size):
    root = np.random.default_rng(size).normal(size=(8, size, size))
    square = root @ root.transpose(0, 2, 1)
    values, vectors = eigen(square)
    assert np.allclose(values, np.linalg.eigvalsh(square), atol=1e-9 * size)
    assert np.allclose((vectors * values[:, None]) @ vectors.transpose(0, 2, 1), square, atol=1e-9 * size)
    assert np.allclose(vectors.transpose(0, 2, 1) @ vectors, np.eye(size), atol=1e-12 * size)
    assert (np.take_along_axis(vectors, np.abs(vectors).argmax(1)[:, None], 1) > 0).all()


def test_eigenvalues_of_a_diagonal_are_its_own_and_of_nothing_zero():
    values, vectors = eigen(np.diag([3.0, 1.0, 2.0]))
    assert values.tolist() == [1, 2, 3]
    assert vectors.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert eigen(np.zeros((2, 2)))[0].tolist() == [0, 0]


def test_least_squares_are_those_of_numpy():
    places = np.arange(1.0, 20)
    columns = np.vander(places, 4, increasing=True)
    right = np.random.default_rng(0).normal(size=(19, 2))
    assert np.allclose(least_squares(columns, right), np.linalg.lstsq(columns, right, rcond=None)[0], atol=1e-8)
    assert np.allclose(pseudo_inverse(columns), np.linalg.pinv(columns), atol=1e-9)
    twice = np.column_stack([places, 2 * places])
    assert np.allclose(twice @ least_squares(twice, 3 * places), 3 * places)


def test_rounding_hides_the_last_bit():
    values = np.random.default_rng(0).random(1000)
    other = np.nextafter(values, 2)
    assert (values != other).all() and np.array_equal(rounded(values), rounded(other))


def test_components_of_a_graph_are_found_with_indices_of_64_bits():
    """Earlier scipys printed an error, raised nothing and gave numbers that were not filled in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array(
        (np.ones(3), (np.array([0, 1, 3], np.int64), np.array([1, 2, 4], np.int64))), shape=(6, 6)
    ).tocsr()
    graph.indices, graph.indptr = graph.indices.astype(np.int64), graph.indptr.astype(np.int64)
    count, label = connected_components(graph, directed=False)
    assert (count, label.tolist()) == (3, [0, 0, 0, 1, 1, 2])


# --- whole artworks


def same(*arguments: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.same_bytes", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_some_presets_and_a_trace_give_the_same_bytes_on_other_processors():
    """`.ci/run` compares everything, in more environments."""
    same("--only", "blas-prescott", "--only", "last-bit", "poster photo", "crosshatch photo", "trace flat", "plot line")
