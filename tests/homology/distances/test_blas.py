"""BLAS held to one thread."""

from lamella.homology.distances.blas import _held, blas_threads


def test_blas_is_held_to_one_thread_and_let_go():
    from threadpoolctl import threadpool_info

    with blas_threads(1), blas_threads(4):
        blas = [p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"]
        assert set(blas) <= {1}
    assert _held == []
