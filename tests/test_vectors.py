import random
from pathlib import Path

import numpy as np
import pytest

from index.storage.damage import CacheDamaged
from index.storage.vectors import Matrix, Vectors


def unit_vectors(n: int, seed: int = 0) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(n, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(vectors: Vectors, n: int) -> tuple[list[str], Matrix]:
    ids = [f"{i // 10}:{i}-{i + 1}" for i in range(n)]
    rows = unit_vectors(n)
    sentences = [rows[[i, -1 - i]] for i in range(n)]
    vectors.add(ids, [id_.partition(":")[0] for id_ in ids], rows, sentences)
    return ids, rows


def test_vectors_come_back_in_the_order_asked_for_after_reopening(tmp_path: Path) -> None:
    first = Vectors(tmp_path / "chroma", create=True)
    ids, rows = fill(first, 30)
    first.close()
    again = Vectors(tmp_path / "chroma")
    assert np.allclose(again.get([ids[7], ids[2], ids[29]]), rows[[7, 2, 29]], atol=1e-6)
    assert again.count() == 30
    assert sorted(again.ids()) == sorted(ids)
    again.close()


def test_nearest_are_those_of_brute_force_and_keep_to_the_scope(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "chroma", create=True)
    ids, rows = fill(vectors, 300)
    question = unit_vectors(1, seed=5)[0]
    order = np.argsort(-(rows @ question))
    assert vectors.nearest(question, 5) == [ids[i] for i in order[:5]]
    within = [ids[i] for i in order if ids[i].partition(":")[0] in ("3", "17")]
    assert vectors.nearest(question, 5, ["3", "17"]) == within[:5]
    vectors.close()


def test_the_closest_sentence_of_each_passage_is_scored(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "chroma", create=True)
    ids, rows = fill(vectors, 40)
    question = unit_vectors(1, seed=6)[0]
    asked = [31, 4, 17]
    expected = [max(rows[i] @ question, rows[-1 - i] @ question) for i in asked]
    found = vectors.closest_sentences([ids[i] for i in asked], question)
    assert found == pytest.approx(expected, abs=0.01)  # kept in 8 bits a number
    assert vectors.closest_sentences([], question) == []
    with pytest.raises(CacheDamaged):
        vectors.closest_sentences(["none"], question)
    vectors.close()


def test_adding_again_replaces_and_removing_twice_is_no_error(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "chroma", create=True)
    ids, rows = fill(vectors, 10)
    vectors.add(ids[:1], ["0"], rows[5:6], [rows[6:8]])
    assert vectors.count() == 10
    assert np.allclose(vectors.get(ids[:1]), rows[5:6], atol=1e-6)
    assert vectors.closest_sentences(ids[:1], rows[7]) == pytest.approx([1], abs=0.01)
    vectors.remove(ids[:4])
    vectors.remove(ids[:4])
    assert sorted(vectors.ids()) == sorted(ids[4:])
    with pytest.raises(CacheDamaged, match="no vector of passage 0:0-1"):
        vectors.get([ids[0]])
    vectors.close()


def test_a_folder_without_chroma_is_damage_and_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(CacheDamaged):
        Vectors(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["data_level0.bin", "index_metadata.pickle", "chroma.sqlite3"])
@pytest.mark.parametrize("how", ["truncated", "garbage"])
def test_a_damaged_file_is_noticed_before_a_wrong_vector_is_used(
    tmp_path: Path, name: str, how: str
) -> None:
    vectors = Vectors(tmp_path / "chroma", create=True)
    ids, _ = fill(vectors, 1500)  # Chroma writes its HNSW files from 1,000 vectors on
    vectors.close()
    [file] = (tmp_path / "chroma").rglob(name)
    size = file.stat().st_size
    file.write_bytes(
        file.read_bytes()[: size // 3] if how == "truncated" else random.Random(1).randbytes(size)
    )
    with pytest.raises(CacheDamaged):
        Vectors(tmp_path / "chroma").get(ids)


def test_one_altered_vector_is_noticed(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "chroma", create=True)
    ids, rows = fill(vectors, 1500)
    vectors.close()
    [file] = (tmp_path / "chroma").rglob("data_level0.bin")
    numbers = np.frombuffer(file.read_bytes(), np.float32).copy()
    first, second = rows[700][:2]
    here = np.isclose(numbers[:-1], first, atol=1e-6) & np.isclose(numbers[1:], second, atol=1e-6)
    [at] = np.flatnonzero(here)
    numbers[at] += 0.5
    file.write_bytes(numbers.tobytes())
    again = Vectors(tmp_path / "chroma")
    with pytest.raises(CacheDamaged, match="not what was written"):
        again.get(ids)
    again.close()
