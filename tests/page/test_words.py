"""Sentences with their numbers, tables and facts as HTML."""

import numpy as np
import pytest

from lamella.page.words import card_html, facts_html, number, sentence_html, table_html
from lamella.results import Table
from lamella.story import Cell, Sentence


def test_numbers_follow_their_sentence_in_grey():
    html = sentence_html(Sentence("It errs on 1.2 %.", {"error": 0.0123456, "seeds": [1, 2]}))
    assert html == (
        '<p class="finding">It errs on 1.2 %. <span class="numbers">'
        "error\u00a00.01235 · seeds\u00a01,\u00a02</span></p>"
    )


def test_many_numbers_are_folded_away_but_complete():
    html = sentence_html(Sentence("Text.", {f"fc{k}": k / 7 for k in range(20)}))
    assert "<summary>20 numbers behind it</summary>" in html
    assert html.count("·") == 19


def test_a_sentence_says_and_carries_its_cell():
    html = sentence_html(Sentence("Text.", cell=Cell("wide", 'f"c', 4, "test", "gdv")))
    assert "wide, f&quot;c, epoch 4, test" in html
    assert 'data-layer="f&quot;c" data-epoch="4"' in html


@pytest.mark.parametrize(
    "html",
    [
        sentence_html(Sentence("<script>", {"<script>": "<script>"}, Cell(layer="<script>"))),
        table_html(Table({"<script>": ["<script>"]})),
        card_html(Table({"part": ["<script>"], "text": ["<script>"]}, title="<script>")),
        facts_html({"<script>": {"<script>": "<script>"}}),
    ],
)
def test_everything_is_escaped(html):
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_numbers_of_a_table_are_set_right():
    html = table_html(Table({"layer": ["fc1"], "error": [0.123456]}))
    assert '<th scope="col" class="n">error</th>' in html
    assert '<td>fc1</td><td class="n">0.1235</td>' in html


def test_nested_facts_are_flattened():
    html = facts_html({"seed": 0, "versions": {"torch": "2.13"}})
    assert "<dt>versions · torch</dt><dd>2.13</dd>" in html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "n/a"),
        (-np.inf, "−∞"),
        (1.5e-9, "1.5e-09"),
        (np.array([1, 2]), "1, 2"),
        ((), "none"),
        ({}, "none"),
        (-0.25, "−0.25"),
    ],
)
def test_numbers_as_a_reader_wants_them(value, text):
    assert number(value) == text
