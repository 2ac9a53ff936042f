"""One seed gives many streams, each its own, and the same ones everywhere and always."""

import numpy as np
import torch

from lamella.seeds import numpy_generator, stream_seed, torch_generator

STREAMS = [(seed, name) for seed in range(100) for name in ("probes", "weights", "order", "a", "b")]


def test_seeds_are_those_of_every_earlier_version():
    """Stored runs and printed numbers hang on them: a change of these makes them another's."""
    assert stream_seed(0, "probes") == 897629996
    assert stream_seed(0, "weights") == 3751781932
    assert stream_seed(7, "weights") == 3199659688


def test_each_stream_has_its_own_seed_of_at_most_32_bits():
    seeds = [stream_seed(*stream) for stream in STREAMS]
    assert len(set(seeds)) == len(STREAMS)
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert max(seeds) > 2**31  # the upper bits are in use


def test_generators_start_where_their_stream_says():
    one, again, other = (numpy_generator(0, name).random(50) for name in ("a", "a", "b"))
    assert np.array_equal(one, again)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.5
    first, same = (torch.rand(50, generator=torch_generator(0, "a")) for _ in range(2))
    assert torch.equal(first, same)
    assert not torch.equal(first, torch.rand(50, generator=torch_generator(1, "a")))


def test_torch_would_not_use_more_bits():
    few, many = (torch.Generator().manual_seed(n) for n in (5, 5 + 2**40))
    assert torch.equal(torch.rand(8, generator=few), torch.rand(8, generator=many))


def test_the_global_streams_are_left_alone():
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    numpy_generator(3, "a").random(9)
    torch.rand(9, generator=torch_generator(3, "a"))
    assert np.array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), before[1])
