"""Room for the cycles of a lune."""

from lamella.homology.voids.lune_cycles import CYCLES, forest_for, with_room_for_cycles


def test_there_is_more_room_only_where_one_more_vertex_could_fill_it():
    forest = forest_for(6, 1, 24)
    assert len(with_room_for_cycles(forest).cycles) == 24
    forest.count[CYCLES], forest.spent[0] = 20, 9
    larger = with_room_for_cycles(forest)
    assert (len(larger.cycles), larger.spent[0]) == (48, 9)
