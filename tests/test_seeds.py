"""Streams of one seed have nothing to do with each other, and come back whenever asked for."""

import numpy as np
import torch

from lamella.seeds import numpy_generator, stream_seed, torch_generator

NAMES, SEEDS = ("weights", "batches 1", "batches 2", ""), (0, 1, 2, 2**31)


def test_every_name_of_every_seed_has_a_stream_of_its_own():
    seeds = [stream_seed(seed, name) for seed in SEEDS for name in NAMES]
    assert len(set(seeds)) == len(SEEDS) * len(NAMES)
    assert seeds == [stream_seed(seed, name) for seed in SEEDS for name in NAMES]


def test_generators_start_where_their_stream_does():
    for make, draw in (
        (numpy_generator, lambda generator: generator.random(8)),
        (torch_generator, lambda generator: torch.rand(8, generator=generator).numpy()),
    ):
        draws = [draw(make(seed, name)) for seed in SEEDS for name in NAMES]
        again = [draw(make(seed, name)) for seed in SEEDS for name in NAMES]
        assert np.array_equal(draws, again)
        assert len(np.unique(np.round(draws, 6), axis=0)) == len(draws)


def test_streams_are_not_correlated():
    drawn = [numpy_generator(0, f"batches {epoch}").standard_normal(2000) for epoch in range(20)]
    correlations = np.corrcoef(drawn)[np.triu_indices(20, 1)]
    assert np.abs(correlations).max() < 0.1


def test_the_global_streams_stay_as_they_are():
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    numpy_generator(0, "weights").random(3)
    torch.rand(3, generator=torch_generator(0, "weights"))
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert np.array_equal(np.random.get_state()[1], numpy_state)  # noqa: NPY002
