"""The gallery of the lens, docs/lens.md, drawn from a recorded run.

    lamella study cifar10 --out runs/cifar10
    python docs/make_lens_gallery.py runs/cifar10/cifar_convnet/seed-0

Takes about three minutes on two cores. Pictures go to docs/images/lens-*.png.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lamella import lens, open_run
from lamella.lens.pictures import photographs, side_by_side, stretched
from lamella.plots.lens_picture import as_png
from lamella.results import Images

FOLDER = Path(__file__).parent
INTRO = """# What the units of a network see

`lamella.lens` answers the question of lecture 12 of Stanford's CS231n, *Visualizing and
Understanding*: what is going on inside a convolutional network? Every function takes a live model
or the network of a recorded run at any epoch, any layer, any number of input channels, and leaves
the model as it was. A technique that does not hold for a model raises `LensError` and says why.

    lamella look runs/cifar10/cifar_convnet/seed-0 --what all --image 3 --out look.html
    lamella look runs/cifar10/cifar_convnet/seed-0 --layer conv3 --unit 5 --what top -o folder

In Python, from a run of `lamella study cifar10`. The calls below go on from here, in any order:

```python
import lamella
from lamella import lens

run = lamella.open_run("runs/cifar10/cifar_convnet/seed-0")
net = lens.network_of(run)                       # with its last weights; epoch=2 for others
images, labels = run.inputs("test"), run.labels("test")
image, style, target = images[3], images[5], 8   # two pictures, and the number of a class
layer, layers = "conv3", ["conv1", "conv2"]      # names of run.layers, or any module of net
pixels = lens.pixels_of(run)                     # how pictures were scaled; pixels=pixels undoes it
lamella.views.mosaic(lens.filters(net), title="First layer").show()
```

Most give a record of pictures, which the view `mosaic` draws. Without a run, `net` is any model of
yours, or `lamella.networks.load.load_model("lenet5", (1, 28, 28), 10)`, and `images` an array of
samples x channels x height x width, or `lamella.datasets.mnist().test.inputs`.

A run of a study, or of `lamella record`, says how its model is built. One that your own loop
recorded does not: pass `--model net.py:FACTORY`, where `FACTORY()` in the file `net.py` returns
the model, or in Python the model itself; its weights are taken from the run.

    lamella look runs/mine --model net.py:make --what filters,saliency
    lens.filters_over_epochs(run, model=net)     # so filter_changes, maps_over_epochs
    lens.saliency(lens.network_of(run, epoch=8, model=net), images)

`lamella look` runs the file that `lamella record --model net.py:make` was given; functions and the
page run such code only where you pass it as `model`.

The pictures below are of {name}, epoch {epoch}, {accuracy:.1%} right on test images.
`python docs/make_lens_gallery.py RUN` draws them anew.
"""


@dataclass(frozen=True, eq=False)
class Scene:
    """The run, its network and its samples."""

    run: Any

    @cached_property
    def net(self) -> Any:
        return lens.network_of(self.run)

    @cached_property
    def images(self) -> np.ndarray:
        return np.array(self.run.inputs("test"))

    @cached_property
    def labels(self) -> np.ndarray:
        return self.run.labels("test")

    @cached_property
    def pixels(self) -> Any:
        return lens.pixels_of(self.run) or lens.Pixels()

    @cached_property
    def right(self) -> np.ndarray:
        """For each class the number of the image that the network is surest about, and right."""
        share = lens.activations(self.net, self.images).softmax(dim=1).numpy()
        sure = np.where(share.argmax(axis=1) == self.labels, share.max(axis=1), 0)
        return np.array(
            [np.where(self.labels == k, sure, -1).argmax() for k in range(share.shape[1])]
        )


def filters(s: Scene) -> Images:
    return lens.filters(s.net)


def higher(s: Scene) -> Images:
    return lens.filters(s.net, "conv2")


def changes(s: Scene) -> Images:
    return lens.filters_over_epochs(s.run, most=16)


def maps(s: Scene) -> Images:
    return lens.activation_maps(s.net, s.images[s.right[7]], "act2", each=True)


def field(s: Scene) -> Images:
    image = s.images[s.right[7]]
    shown = [
        lens.field_on_image(s.net, image, layer, place, pixels=s.pixels)
        for layer, place in (("conv1", (12, 12)), ("conv3", (6, 6)), ("conv5", (3, 3)))
    ]
    return side_by_side(shown, columns=3)


def patches(s: Scene) -> Images:
    rows = [
        lens.maximal_patches(s.net, s.images, layer, units=range(8), pixels=s.pixels)
        for layer in ("act3",)
    ]
    return rows[0]


def neighbours(s: Scene) -> Images:
    queries = s.right[[1, 4, 5, 8]].tolist()
    return lens.neighbours(s.net, s.images, queries, "flatten", count=9, pixels=s.pixels)


def attribution(s: Scene) -> Images:
    """Image, saliency, SmoothGrad, integrated gradients, guided, deconvnet, occlusion, Grad-CAM."""
    chosen = s.right[[0, 4, 5, 7, 9]]
    images = s.images[chosen]
    columns = [
        photographs(images, s.pixels),
        lens.saliency(s.net, images),
        lens.smooth_grad(s.net, images),
        lens.integrated_gradients(s.net, images),
        lens.guided_backprop(s.net, images),
        lens.deconvnet(s.net, images),
        lens.occlusion(s.net, images, pixels=s.pixels),
        lens.grad_cam(s.net, images, maps_of="act5", pixels=s.pixels),
    ]
    joined = side_by_side(columns)
    count = len(images)
    order = np.arange(count * len(columns)).reshape(len(columns), count).T.ravel()
    return Images(joined.pixels[order], columns=len(columns))


def sanity(s: Scene) -> Images:
    return lens.sanity_pictures(s.net, s.images[s.right[7]], most=8)


def guided_units(s: Scene) -> Images:
    """For four units: the images that activate them most, and guided backprop in these."""
    found = lens.find_maxima(s.net, s.images, "act4", count=5, units=range(4), whole=True)
    rows = []
    for row, unit in enumerate(found.units):
        images = found.patches[row]
        guided = np.concatenate(
            [
                lens.guided_backprop_map(
                    s.net, image[None], (int(unit), *map(int, at)), layer="act4"
                )
                for image, at in zip(images, found.places[row], strict=True)
            ]
        )
        shown = guided / np.abs(guided).max(axis=(1, 2, 3), keepdims=True).clip(1e-12)
        rows.append(photographs(images, s.pixels))
        rows.append(Images(np.moveaxis(0.5 + 0.5 * shown, 1, -1)))
    return side_by_side(rows, columns=10)


def ascent(s: Scene) -> Images:
    colours = lens.colour_basis(s.images)
    options: dict[str, Any] = {"steps": 300, "jitter": 2, "variation": 4.0, "l2": 0.5}
    return Images(
        lens.ascent(
            s.net,
            list(range(10)),
            (3, 32, 32),
            count=10,
            colours=colours,
            pixels=s.pixels,
            **options,
        ).pixels,
        columns=5,
    )


def channels(s: Scene) -> Images:
    colours = lens.colour_basis(s.images)
    rows = [
        lens.ascent(
            s.net, list(range(8)), (3, 32, 32), layer=layer, count=8, steps=120, jitter=2,
            variation=0.3, colours=colours, pixels=s.pixels,
        )
        for layer in ("conv2", "conv3", "conv4", "conv5")
    ]  # fmt: skip
    return side_by_side(rows, columns=8)


def fooling(s: Scene) -> Images:
    rows = [
        lens.fooling(s.net, s.images[at], (k + 3) % 10, pixels=s.pixels)
        for k, at in enumerate(s.right[:4])
    ]
    return side_by_side(rows, columns=6)


def dream(s: Scene) -> Images:
    image = s.images[s.right[7]]
    shown = [
        lens.deep_dream(s.net, image, layer, enlarge=4, steps=10, rate=0.02, pixels=s.pixels)
        for layer in ("act2", "act3", "act4", "act5")
    ]
    return side_by_side(shown, columns=4)


def inversion(s: Scene) -> Images:
    layers = ["conv1", "conv2", "conv3", "conv4", "conv5", "pool3", "head"]
    rows = [
        lens.inversion(s.net, s.images[at], layers, pixels=s.pixels, steps=300, variation=0.1)
        for at in s.right[[1, 7, 8]]
    ]
    return side_by_side(rows, columns=8)


def texture(s: Scene) -> Images:
    options: dict[str, Any] = {"steps": 400, "rate": 0.1, "pixels": s.pixels}
    layers = ["act1", "act2", "act3", "act4"]
    rows = [lens.texture(s.net, s.images[at], layers, **options) for at in s.right[[1, 6, 7, 8]]]
    return side_by_side(rows, columns=8)


def style(s: Scene) -> Images:
    options: dict[str, Any] = {"steps": 300, "rate": 0.05, "pixels": s.pixels, "style_weight": 5.0}
    rows = [
        lens.style_transfer(
            s.net, s.images[s.right[7]], s.images[s.right[k]],
            content_layer="act3", style_layers=["act1", "act2", "act3"], **options,
        )
        for k in (6, 8)
    ]  # fmt: skip
    return side_by_side(rows, columns=6)


def classes(s: Scene) -> Images:
    means = lens.class_images(s.images, s.labels, pixels=s.pixels)
    maps = lens.class_maps(s.net, s.images, s.labels, "act3", channels=[0, 5, 9])
    low, high = maps.scale or (0.0, 1.0)
    shown = (
        np.asarray(maps.pixels, float).reshape(10, 3, *maps.pixels.shape[1:]) * (high - low) + low
    )
    rows = [stretched(shown[:, c, :, :, 0]) for c in range(3)]
    return side_by_side([means, *rows], columns=10)


Draw = Callable[[Scene], Images]
GALLERY: list[tuple[str, Draw, int, str]] = [
    ("First-layer filters", filters, 48,
     "`lens.filters(net)`. The weights of the first convolution as images, the least weight 0 and "
     "the greatest 255: edges of some directions, and blobs of opposing colours."),
    ("Higher filters", higher, 32,
     "`lens.filters(net, \"conv2\")`. Summed over the input channels in grey; "
     "much harder to read. `lens.filter_rows` shows every input channel."),
    ("How filters form", changes, 32,
     "`lens.filters_over_epochs(run)`. A row for each recorded epoch, from the first weights down; "
     "`lens.filter_changes(run)` shows the difference."),
    ("Activation maps", maps, 64,
     "`lens.activation_maps(net, image, \"act2\")`. What every channel of a layer gives for one "
     "image."),
    ("Receptive fields", field, 192,
     "`lens.field_on_image(net, image, layer, (6, 6))`. All that one unit, here in row 6 and "
     "column 6, can see: of the "
     "first, third and fifth convolution. Exact, from the operations that the network executes."),
    ("Maximally activating patches", patches, 64,
     "`lens.maximal_patches(net, images, \"act3\")`. A row for each of eight units, best first; "
     "what lies outside the image is grey. The data set is streamed."),
    ("Guided backprop of units", guided_units, 48,
     "`lens.guided_backprop(net, images, (0, 4, 4), layer=\"act4\")`: of channel 0, row 4, "
     "column 4. A row for each of four units: the five images that activate it most, and what in "
     "them does."),
    ("Nearest neighbours", neighbours, 56,
     "`lens.neighbours(net, images, [3, 5], \"flatten\")`. The image first, then those nearest to "
     "it in the last hidden layer: alike in kind rather than in pixels."),
    ("Attribution", attribution, 72,
     "Image, saliency (the greatest |dS/dx| over channels), SmoothGrad, integrated gradients, "
     "guided backprop, deconvnet, occlusion, Grad-CAM: `lens.saliency(net, images[:8])` and so "
     "on."),
    ("Sanity checks", sanity, 64,
     "`lens.sanity_pictures(net, image)`, `lens.sanity_checks(net, images[:8])`. Saliency, "
     "guided backprop and integrated gradients with trained weights, then with ever more layers "
     "random from the last one down (Adebayo et al. 2018). A map that stays does not show "
     "what was learnt."),
    ("Gradient ascent on classes", ascent, 96,
     "`lens.ascent(net, [0, 1], image.shape, count=2, colours=lens.colour_basis(images))`. "
     "Airplane, automobile, bird, cat, deer; dog, frog, horse, ship, truck."),
    ("Gradient ascent on channels", channels, 64,
     "`lens.ascent(net, 5, image.shape, layer=layer)`. Eight channels of the second to the fifth "
     "convolution, a row each: from edges and colours to parts."),
    ("Fooling images", fooling, 64,
     "`lens.fooling(net, image, target)`. The image, the change (enlarged around grey), and the "
     "image that gets another class with 90 % confidence."),
    ("DeepDream", dream, 128,
     "`lens.deep_dream(net, image, layer)`. One image dreamt by the second to the fifth layer."),
    ("Feature inversion", inversion, 64,
     "`lens.inversion(net, image, layers)`. The image, and what the convolutions 1 to 5, the last "
     "pooling and the output still tell of it."),
    ("Texture", texture, 64,
     "`lens.texture(net, image, layers)`. Pairs: an image, and one with the same Gram matrices."),
    ("Style transfer", style, 64,
     "`lens.style_transfer(net, image, style, content_layer=layer, style_layers=layers)`. Content, "
     "style, and both."),
    ("Classes", classes, 64,
     "`lens.class_images(images, labels)`, `lens.class_maps(net, images, labels, layer)`. The mean "
     "image of every class, and below it the mean map of three channels of the third layer."),
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--only", help="draw only the pictures whose title has this word")
    asked = parser.parse_args()
    run = open_run(asked.run)
    scene, parts, size = Scene(run), [], 0
    (FOLDER / "images").mkdir(exist_ok=True)
    for title, draw, side, words in GALLERY:
        name = f"lens-{title.lower().replace(' ', '-')}.png"
        if not asked.only or asked.only.lower() in title.lower():
            data = as_png(draw(scene), side=side)
            (FOLDER / "images" / name).write_bytes(data)
            print(f"{title}: {len(data) / 1e3:.0f} kB", flush=True)
        size += (FOLDER / "images" / name).stat().st_size
        parts.append(f"## {title}\n\n{words}\n\n![{title}](images/{name})\n")
    accuracy = float(run.scalars()["test_accuracy"].iloc[-1])
    intro = INTRO.format(name=run.name, epoch=max(run.epochs), accuracy=accuracy)
    (FOLDER / "lens.md").write_text("\n".join([intro, *parts]))
    print(f"{size / 1e6:.2f} MB in all")


if __name__ == "__main__":
    main()
