"""Write docs/anatomy.md: the layer tables of the networks that lamella ships.

python docs/write_anatomy.py
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).with_name("anatomy.md")
HEAD = """# Anatomy of the networks

What `lamella anatomy MODEL --input SHAPE` says about the networks that lamella ships;
`--markdown` prints these tables. Written by `python docs/write_anatomy.py`: edit that.

A row is one call of one layer, in order of execution; operations that a forward pass makes outside
its layers (`cat`, `add`) are rows too. Shapes have the batch first. The formula multiplies the
shapes of a layer's parameters. Mult-adds count the products of convolutions and matrix products,
taps on padding included, biases not. Memory is that of the layer's output, 0 for a view or an
operation in place. Field, jump and offset (first pixel of unit 0) are in pixels of the input, on an
image without ends; where units do not follow one pattern, behind flatten for instance, the field is
the largest extent inside the image. Source: Araujo, Norris, Sim (2019), Distill.
"""
NETWORKS = (
    (
        "LeNet-5",
        "lenet5",
        "1x28x28",
        10,
        "LeCun, Bottou, Bengio, Haffner (1998) in its modern form.",
    ),
    ("The MNIST net", "mnist_dense", "1x28x28", 10, "784-800-400-10."),
    (
        "NN1",
        "conv_autoencoder",
        "3x64x64",
        4,
        "A convolutional autoencoder that segments rectangles.",
    ),
    ("NN2", "small_unet", "3x64x64", 4, "A small U-net for the same task."),
    ("NN3", "separable_unet", "3x64x64", 4, "NN2 with separable convolutions."),
    ("The CIFAR net", "cifar_convnet", "3x32x32", 10, "Three stages of convolution."),
)


def page() -> str:
    """The whole page."""
    return HEAD + "".join(section(*network) for network in NETWORKS)


def section(title: str, model: str, shape: str, classes: int, words: str) -> str:
    """One network: the command, and the table that it prints."""
    from lamella.anatomy import layer_table
    from lamella.anatomy.input_spec import parse_input
    from lamella.anatomy.show_table import markdown
    from lamella.networks.load import load_model

    net = load_model(model, parse_input(shape).shape, classes)
    option = "" if classes == 10 else f" --classes {classes}"
    command = f"lamella anatomy {model} --input {shape}{option} --markdown"
    return f"\n## {title}\n\n{words} `{command}`\n\n{markdown(layer_table(net, shape))}"


if __name__ == "__main__":
    PAGE.write_text(page())
