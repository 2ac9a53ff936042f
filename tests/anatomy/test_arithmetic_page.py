"""The interactive section computes what Python computes, in a real browser."""

import json

import numpy as np
import pytest

from lamella.anatomy.convolution_arithmetic import arithmetic
from lamella.anatomy.paddings import NUMPY_MODES, pad
from lamella.anatomy.receptive_fields import receptive_field
from lamella.anatomy.sliding_kernels import sliding_kernel
from lamella.errors import InputError
from lamella.page.modules import joined_script
from lamella.page.page_files import source

IMAGE = np.random.default_rng(0).integers(-9, 9, (6, 8)).tolist()
KERNEL = [[1, -2, 3], [0, 4, -1]]


@pytest.fixture(scope="module")
def page(chromium):
    page, problems = chromium.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    scripts = "".join(
        f"<script>{joined_script(f'panels/network/{name}.js', source, name)}</script>"
        for name in ("arithmetic", "convolution")
    )
    style = f"<style>{source('styles/convolution.css')}</style>"
    page.set_content(f"{style}<main id='here'></main>{scripts}")
    page.evaluate("window.made = convolution.drawConvolution(document.getElementById('here'))")
    yield page
    page.close()
    assert not problems


def call(page, name, *arguments):
    return page.evaluate(f"arithmetic.{name}(...{json.dumps(arguments)})")


def test_sizes_drops_and_fits_equal_python(page):
    for size in range(1, 9):
        for kernel, stride, padding, dilation in np.ndindex(3, 3, 3, 2):
            numbers = (size, int(kernel) + 1, int(stride) + 1, int(padding), int(dilation) + 1)
            found = call(page, "arithmetic", *numbers)
            names = ("size", "kernel", "stride", "padding", "dilation")
            try:
                wanted = arithmetic(**dict(zip(names, numbers, strict=True)))
            except InputError:
                assert "problem" in found
                continue
            assert found["output"] == wanted.output
            assert found["exact"] == pytest.approx(float(wanted.exact))
            assert found["dropped"] == wanted.dropped
            assert found["droppedPixels"] == wanted.dropped_pixels
            assert tuple(found["sizes"]) == wanted.fitting_sizes
            assert tuple(found["paddings"]) == wanted.fitting_paddings


@pytest.mark.parametrize("mode", NUMPY_MODES)
def test_paddings_and_sums_equal_python(page, mode):
    assert call(page, "pad", IMAGE, 3, mode) == pad(np.array(IMAGE), 3, mode).tolist()
    found = call(page, "convolve", IMAGE, KERNEL, 2, 1, 2, mode)
    slide = sliding_kernel(IMAGE, KERNEL, stride=2, padding=1, dilation=2, mode=mode)
    assert found["output"] == slide.output.tolist()


def test_fields_equal_the_propagated_ones(page):
    from torch import nn

    model = nn.Sequential(*[nn.Conv1d(1, 1, 3, 2, 1, 2) for _ in range(3)])
    for row in call(page, "fields", 40, 3, 2, 1, 2, 3):
        field = receptive_field(model, "1x40", str(row["layer"] - 1))
        assert (row["field"], row["jump"], row["offset"]) == (
            field.size[0],
            field.jump[0],
            field.offset[0],
        )
        assert row["size"] == field.map_size[0]


def test_changing_a_control_changes_picture_sum_and_sizes(page):
    page.select_option("select[name=image]", "greys, 3 x 3")
    page.select_option("select[name=kernel]", "edges sideways")
    assert page.inner_text(".sum").endswith("+ 222*1 = -63")
    assert page.locator("g.out text").all_text_contents() == ["-63"]
    page.select_option("select[name=image]", "7 x 7, counted")
    page.fill("input[name=stride]", "3")
    assert "= 2.33: does not divide" in page.inner_text(".size")
    assert page.locator("rect.lost").count() == 2
    page.fill("input[name=padding]", "1")
    assert page.locator("rect.lost").count() == 0
    page.locator("g.out rect").nth(4).click()
    assert page.evaluate("made.state().position") == 4
    assert page.get_attribute("rect.window", "x") == str(3 * 34)
    assert page.input_value("input[name=weights]") == "-1 0 1; -2 0 2; -1 0 1"
    page.fill("input[name=weights]", "1 2 3")
    page.locator("input[name=weights]").blur()
    assert page.evaluate("made.state().kernel") == [[1, 2, 3]]
    page.fill("input[name=weights]", "1 2; 3")
    page.locator("input[name=weights]").blur()
    assert page.evaluate("made.state().kernel") == [[1, 2, 3]]
    page.evaluate("made.set({dilation: 3, padding: 0, kernel: [[1, 1, 1, 1]]})")
    assert "does not fit" in page.inner_text(".size")
