"""How large the output of a convolution or of pooling is, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lamella.errors import bad_input


@dataclass(frozen=True)
class Arithmetic:
    """One axis of a convolution: sizes, what is left over, and what would fit.

    `exact` is the output size before rounding down. `dropped` counts positions of the padded input
    that no window reads, `dropped_pixels` those of them that are pixels and not padding.
    `fitting_sizes` are the nearest input sizes, `fitting_paddings` the nearest paddings on each
    side, for which the window divides.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    transposed: bool
    output_padding: int
    output: int
    exact: Fraction
    dropped: int
    dropped_pixels: int
    fitting_sizes: tuple[int, ...]
    fitting_paddings: tuple[int, ...]
    formula: str

    @property
    def fits(self) -> bool:
        """Whether the window divides the padded input."""
        return self.dropped == 0

    def windows(self) -> list[tuple[int, ...]]:
        """Input positions that each output reads; negative or beyond the end is padding."""
        from lamella.anatomy.window import Window

        window = Window(self.kernel, self.stride, self.padding, self.dilation, self.transposed)
        return [tuple(sorted(window.reads(o))) for o in range(self.output)]

    def sentence(self) -> str:
        """The result in words.

        >>> print(arithmetic(7, 3, stride=3).sentence())
        (7 + 2*0 - 3) / 3 + 1 = 2.33: does not divide, so the output is 2 and the last 1 of 7 is
        not read. Sizes that fit: 6, 9. Paddings that fit: 1.
        """
        value = (
            f"{float(self.exact):.4g}"
            if self.exact.denominator == 1
            else f"{float(self.exact):.2f}"
        )
        if self.fits:
            return f"{self.formula} = {value}."
        lost = (
            f"the last {self.dropped_pixels} of {self.size} is not read"
            if self.dropped_pixels
            else f"{self.dropped} of the padding is not read"
        )
        sizes = ", ".join(map(str, self.fitting_sizes))
        paddings = ", ".join(map(str, self.fitting_paddings)) or "none up to the kernel's size"
        return (
            f"{self.formula} = {value}: does not divide, so the output is {self.output} "
            f"and {lost}. Sizes that fit: {sizes}. Paddings that fit: {paddings}."
        )


def output_size(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    transposed: bool = False,
    output_padding: int = 0,
) -> int:
    """Positions that come out of a layer along one axis.

    >>> output_size(5, 3, stride=2, padding=1)
    3
    >>> output_size(2, 3, stride=2, transposed=True)
    5
    """
    return arithmetic(
        size,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        transposed=transposed,
        output_padding=output_padding,
    ).output


def arithmetic(
    size: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    transposed: bool = False,
    output_padding: int = 0,
) -> Arithmetic:
    """The sizes of one axis, what is dropped at its end, and what would fit instead.

    `padding` is on each side. Raises InputError for stride, dilation, kernel or size below 1, for
    negative padding, and for a window longer than the padded input.

    Source: Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning.

    >>> result = arithmetic(7, 3, stride=3)
    >>> result.output, result.dropped, result.fitting_sizes, result.fitting_paddings
    (2, 1, (6, 9), (1,))
    """
    _check(size, kernel, stride, padding, dilation, output_padding)
    extent = dilation * (kernel - 1) + 1
    if transposed:
        return _transposed(size, kernel, stride, padding, dilation, output_padding, extent)
    spare = size + 2 * padding - extent
    if spare < 0:
        raise bad_input(
            "convolution arithmetic",
            wanted=f"a window no longer than the padded input ({size} + 2*{padding})",
            got=f"kernel {kernel} with dilation {dilation}, which spans {extent}",
            do=f"Pad at least {-(-(extent - size) // 2)} on each side or take a smaller kernel",
        )
    dropped = spare % stride
    return Arithmetic(
        size,
        kernel,
        stride,
        padding,
        dilation,
        False,
        0,
        spare // stride + 1,
        Fraction(spare, stride) + 1,
        dropped,
        max(0, dropped - padding),
        fitting_sizes(size, stride, dropped, least=max(1, extent - 2 * padding)),
        tuple(
            p
            for p in range(extent)
            if size + 2 * p >= extent and (size + 2 * p - extent) % stride == 0
        ),
        f"({size} + 2*{padding} - {_spelled(kernel, dilation)}) / {stride} + 1",
    )


def fitting_sizes(size: int, stride: int, dropped: int, least: int = 1) -> tuple[int, ...]:
    """The nearest input sizes below and above that leave nothing over."""
    if not dropped:
        return (size,)
    return tuple(n for n in (size - dropped, size - dropped + stride) if n >= least)


def _spelled(kernel: int, dilation: int) -> str:
    return str(kernel) if dilation == 1 else f"({dilation}*({kernel} - 1) + 1)"


def _transposed(
    size: int,
    kernel: int,
    stride: int,
    padding: int,
    dilation: int,
    output_padding: int,
    extent: int,
) -> Arithmetic:
    output = (size - 1) * stride - 2 * padding + extent + output_padding
    if output < 1:
        raise bad_input(
            "transposed convolution arithmetic",
            wanted="an output of at least 1",
            got=f"{output} from size {size}, kernel {kernel}, stride {stride}, padding {padding}",
            do="Pad less",
        )
    more = f" + {output_padding}" if output_padding else ""
    formula = f"({size} - 1) * {stride} - 2*{padding} + {_spelled(kernel, dilation)}{more}"
    return Arithmetic(
        size, kernel, stride, padding, dilation, True, output_padding, output, Fraction(output),
        0, 0, (size,), (padding,), formula,
    )  # fmt: skip


def _check(
    size: int, kernel: int, stride: int, padding: int, dilation: int, output_padding: int
) -> None:
    least = {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}
    for name, value in least.items():
        if value < 1:
            raise bad_input(
                "convolution arithmetic",
                wanted=f"{name} of at least 1",
                got=str(value),
                do="Raise it",
            )
    if padding < 0 or output_padding < 0:
        raise bad_input(
            "convolution arithmetic",
            wanted="padding of at least 0",
            got=str(min(padding, output_padding)),
            do="Crop the input instead",
        )
    if output_padding >= max(stride, dilation):
        raise bad_input(
            "transposed convolution arithmetic",
            wanted=f"output padding below stride or dilation ({max(stride, dilation)})",
            got=str(output_padding),
            do="Lower it",
        )
