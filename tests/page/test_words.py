"""A story's words without a script."""

import re

import numpy as np

from lamella.page.text import flat, number
from lamella.page.words import story_html
from lamella.results import Table
from lamella.story import Picture, Section, Sentence, Story

HOSTILE = "<script>window.hacked = 1</script>"


def test_all_words_are_there_in_order_and_escaped():
    picture = Picture("table", Table({"a": [1]}), "A caption.")
    section = Section("Part", (Sentence("Found.", {"z": 7.0}),), (picture,))
    text = story_html(Story("T", Sentence("Verdict."), (section,), {"seed": 3}))
    wanted = ("T", "Verdict.", "Part", "Found. <small>z 7", "A caption.", "seed", "3")
    places = [re.search(rf">{word}<", text).start() for word in wanted]
    assert places == sorted(places)
    told = Story(HOSTILE, Sentence(HOSTILE, {HOSTILE: HOSTILE}), (Section(HOSTILE),))
    assert "<script" not in story_html(told)


def test_numbers_are_short_and_lists_joined():
    assert number(np.array([0.00001234, -2.0])) == "1.2e-05, −2"
    assert number(np.float32("nan")) == "n/a"
    assert number(float("-inf")) == "−∞"
    assert number({}) == "none"


def test_mappings_are_flattened_by_their_names():
    assert dict(flat({"a": {"b": {"c": 1}}, "d": {}})) == {"a · b · c": 1, "d": {}}
