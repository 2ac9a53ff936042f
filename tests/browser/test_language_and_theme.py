"""Two languages, two themes, reduced motion, and a small window."""

import json
from importlib.resources import files

from driving import open_page, settled, state


def words(language):
    folder = files("lamella.page") / "assets"
    return json.loads((folder / f"words.{language}.json").read_text("utf-8"))


def test_both_languages_have_the_same_words_and_blanks():
    english, russian = words("en"), words("ru")
    shared = [key for key in english if key in russian]
    assert set(english) - set(russian) == set()
    blanks = {key for key in shared if _blanks(english[key]) - _blanks(russian[key])}
    assert blanks == set()


def _blanks(text):
    return {part.split("}")[0].split("|")[0] for part in text.split("{")[1:]}


def test_switch_speaks_russian_and_the_address_remembers(opened, address):
    opened.click("#language [data-value=ru]")
    settled(opened)
    assert opened.locator("html").get_attribute("lang") == "ru"
    assert opened.locator("#panel-cube h2").inner_text() == "Куб"
    assert "эпоха 3" in opened.locator("#epoch-name").inner_text()
    assert "lang=ru" in opened.url


def test_browser_of_a_russian_reader_opens_in_russian(page_of, address):
    page = open_page(page_of(locale="ru-RU"), address)
    assert page.locator("#split").inner_text().split() == ["обучение", "контроль", "обе"]


def test_dark_theme_by_preference_and_by_switch(page_of, address):
    page = open_page(page_of(color_scheme="dark"), address)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click("#theme")
    settled(page)
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert state(page, "theme") == "light"


CONTRAST = """() => {
    const linear = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
    const ratio = (p, q) => {
        const [low, high] = [light(p), light(q)].sort((x, y) => x - y);
        return (high + .05) / (low + .05);
    };
    const c = lamella.colours(), rgb = lamella.rgb, found = [];
    for (const text of ["ink", "soft", "faint", "bad", "a", "b"])
        for (const ground of ["paper", "card"])
            found.push([`${text} on ${ground}`, ratio(rgb(c[text]), rgb(c[ground]))]);
    for (const [css, ink] of [...lamella.tones(c.seq), ...lamella.tones(c.div)])
        found.push([css, ratio(css.match(/\\d+/g).map(Number), rgb(ink))]);
    return found.filter(([, contrast]) => contrast < 4.5);
}"""


def test_text_and_cell_numbers_can_be_read_in_both_themes(page_of, address):
    for scheme in ("light", "dark"):
        assert open_page(page_of(color_scheme=scheme), address).evaluate(CONTRAST) == []


def test_small_window_scrolls_down_only(page_of, address):
    page = open_page(page_of(viewport={"width": 1024, "height": 768}, locale="ru-RU"), address)
    assert page.evaluate("document.documentElement.scrollWidth") == 1024
    bar = page.locator("#bar").bounding_box()
    inside = page.evaluate(
        "[...document.querySelectorAll('#bar button, #bar select')]"
        ".filter(n => n.offsetWidth).every(n => n.getBoundingClientRect().right <= 1024)"
    )
    assert bar["width"] == 1024
    assert inside


def test_reduced_motion_is_known(page_of, address):
    assert open_page(page_of(reduced_motion="reduce"), address).evaluate("lamella.reducedMotion()")


def test_no_word_of_the_page_is_left_as_its_key(page_of, address):
    page = open_page(page_of(locale="ru-RU"), address)
    shown = page.locator("body").inner_text()
    assert [key for key in words("en") if "." in key and key in shown] == []
