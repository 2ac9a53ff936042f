"""The words of a story as plain HTML, for readers and searches without a script.

Every text is escaped; figures are told by their captions.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from lamella.page.text import flat, number
from lamella.story import Section, Sentence, Story


def story_html(story: Story) -> str:
    """Title, verdict, sentences, captions and facts.

    >>> story_html(Story("T", Sentence("A < B.")))
    '<h1>T</h1><p>A &lt; B.</p>'
    """
    head = f"<h1>{escape(story.title)}</h1>{_sentence(story.verdict)}"
    return head + "".join(map(_section, story.sections)) + _facts(story.facts)


def _section(section: Section) -> str:
    sentences = "".join(map(_sentence, section.sentences))
    captions = "".join(f"<p>{escape(p.caption)}</p>" for p in section.pictures if p.caption)
    return f"<h2>{escape(section.title)}</h2>{sentences}{captions}"


def _sentence(sentence: Sentence) -> str:
    behind = "; ".join(f"{name} {number(value)}" for name, value in flat(sentence.numbers))
    more = f" <small>{escape(behind)}</small>" if behind else ""
    return f"<p>{escape(sentence.text)}{more}</p>"


def _facts(facts: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(number(value))}</dd>" for name, value in flat(facts)
    )
    return f"<dl>{rows}</dl>" if rows else ""
