"""What the sweep for loops has found grows with it."""

import numpy as np

from lamella.homology.loops.sweep import no_findings, with_room_for_more


def test_findings_grow_only_where_they_are_full_and_keep_what_they_hold():
    found = no_findings(6)
    assert [len(field) for field in with_room_for_more(found)] == [len(field) for field in found]
    found.births[:], found.count[:] = np.arange(6), 6
    larger = with_room_for_more(found)
    assert larger.births[:6].tolist() == [0, 1, 2, 3, 4, 5]
    assert len(larger.births) == len(larger.deaths) == 12
