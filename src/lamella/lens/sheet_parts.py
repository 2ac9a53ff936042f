"""The parts of a sheet: how each technique is asked, with its defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lamella import lens
from lamella.lens.attributions import METHODS
from lamella.lens.filters import find_filters, weight_of
from lamella.lens.pictures import photographs, side_by_side
from lamella.lens.refusals import LensError, refusal
from lamella.lens.sheet_subject import Ask, Subject
from lamella.results import Images, Table

MOST = 32  # units shown where none was chosen
ATTRIBUTIONS = tuple(METHODS)
WORDS = {
    "filters": "Weights as pictures: the least is black, the greatest white.",
    "maps": "What each channel gives for the image, and what one unit can see of it.",
    "top": "What in the samples activates each unit most, cut out by its receptive field.",
    "neighbours": "The image first, then those nearest to it in the layer.",
    "saliency": "How much each pixel would change the score: the gradient's greatest channel.",
    "smooth_grad": "The gradient averaged over noisy copies of the image.",
    "integrated_gradients": "Each pixel's share in the score: light for it, dark against it.",
    "guided_backprop": "The gradient along positive paths; it shows the image more than weights.",
    "deconvnet": "The score projected back to the image through every ReLU.",
    "occlusion": "What the score loses when a patch is covered.",
    "grad_cam": "Where the maps of the last convolutions speak for the class.",
    "sanity": "Other weights must give another map; a method whose map stays is not to be trusted.",
    "ascent": "What a class or unit responds to most, found by climbing its score.",
    "fooling": "A small change that gives the image another class.",
    "dream": "The image in which a layer sees more of what it knows.",
    "inversion": "What each layer still tells of the image; SSIM 1 is the image itself.",
    "texture": "An image with the same Gram matrices.",
    "style": "The content of the first image in the texture of the second.",
    "classes": "The mean image and the mean activation map of every class.",
}


def chosen_images(subject: Subject, ask: Ask) -> np.ndarray:
    """The images asked for; LensError where there are none."""
    if subject.images is None:
        raise refusal(
            "lamella look", wanted="images for this technique", got="none", do="Pass --data NAME"
        )
    return np.asarray(subject.images)[list(ask.images)]


def spatial(ask: Ask) -> list[str]:
    """The layers that give maps of more than one place."""
    return [name for name, shape in ask.layers.items() if len(shape) == 3 and max(shape[1:]) > 1]


def map_layer(ask: Ask, which: int = -1) -> str:
    """The layer asked for, else the first or the last of 4 x 4 places or more, if there is one."""
    if ask.layer is not None:
        return ask.layer
    found = [n for n in spatial(ask) if min(ask.layers[n][1:]) >= 4] or spatial(ask)
    if not found:
        raise refusal("lamella look", wanted="a layer of maps", got="none", do="Choose --layer")
    return found[which]


def question(ask: Ask) -> dict[str, Any]:
    """The target of attribution: a unit of the layer, or a class."""
    if ask.unit is not None:
        return {"target": ask.unit[0] if len(ask.unit) == 1 else ask.unit, "layer": ask.layer}
    return {"target": ask.target}


def filters_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Filters, by input channel where there are many, over epochs where they were recorded."""
    name, module = find_filters(subject.net, ask.layer)
    shape = subject.shape if weight_of(module).ndim == 2 else None
    fits = shape is not None and np.prod(shape) == weight_of(module).shape[1]
    found = [
        lens.filters(subject.net, name, shape=shape if fits and len(shape or ()) == 3 else None)
    ]
    if found[0].title.endswith("channels"):
        found.append(
            lens.filter_rows(subject.net, name, units=_units(ask, len(found[0].pixels), 4))
        )
    if subject.run is not None and weight_of(module).ndim == 4:
        found.append(lens.filters_over_epochs(subject.run, name, model=ask.model))
        found.append(lens.filter_changes(subject.run, name, model=ask.model))
    return found


def maps_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The image with one unit's field, the maps of all channels, and some over epochs."""
    image, layer = chosen_images(subject, ask)[0], map_layer(ask, 0)
    maps = lens.activation_maps(subject.net, image, layer)
    found = [maps]
    shape = ask.layers.get(layer, ())
    if len(shape) == 3 and len(subject.shape) == 3:
        place = ask.unit[1:] if ask.unit and len(ask.unit) == 3 else (shape[1] // 2, shape[2] // 2)
        at = (int(place[0]), int(place[1]))
        found.insert(0, lens.field_on_image(subject.net, image, layer, at, pixels=subject.pixels))
        if subject.run is not None:
            channels = [ask.unit[0]] if ask.unit else list(range(8))
            grown = lens.maps_over_epochs(
                subject.run, image, layer, channels=channels, model=ask.model
            )
            found.append(grown)
    return found


def top_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The patches, and the whole images, that activate units most."""
    chosen_images(subject, ask)
    layer = map_layer(ask) if spatial(ask) else (ask.layer or next(iter(ask.layers)))
    units = _units(ask, ask.layers[layer][0] if layer in ask.layers else 1, 8)
    options = {"count": ask.count, "units": units, "pixels": subject.pixels}
    return [lens.maximal_patches(subject.net, subject.images, layer, **options)]


def neighbours_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Neighbours in the layer (the last hidden one by default), and of the pixels beside them."""
    chosen_images(subject, ask)
    names = (
        [subject.class_names[k] for k in subject.labels]
        if (subject.class_names and subject.labels is not None)
        else None
    )
    layer = ask.layer or list(ask.layers)[max(0, len(ask.layers) - 2)]
    options: dict[str, Any] = {"count": 7, "pixels": subject.pixels, "labels": names}
    queries = list(ask.images)
    return [
        lens.neighbours(subject.net, subject.images, queries, layer, **options),
        lens.neighbours(None, subject.images, queries, **options),
    ]


def attribution_part(name: str) -> Callable[[Subject, Ask], Sequence[Images | Table]]:
    """The part of one attribution method: the images, and their maps below."""

    def part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
        images = chosen_images(subject, ask)
        options: dict[str, Any] = question(ask)
        if name == "grad_cam":
            options = {"target": ask.target, "maps_of": map_layer(ask)}
        if name in ("grad_cam", "occlusion"):
            options["pixels"] = subject.pixels
        words = [f"image {at}" for at in ask.images]
        found = getattr(lens, name)(subject.net, images, captions=words, **options)
        if images.ndim != 4 or found.pixels.shape[1:3] != images.shape[2:]:
            return [found]
        shown = [photographs(images, subject.pixels, words), found]
        return [side_by_side(shown, columns=len(images), title=found.title)]

    return part


def sanity_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The table and the pictures of the sanity checks."""
    images = chosen_images(subject, ask)
    found: list[Images | Table] = [lens.sanity_checks(subject.net, images, ask.target)]
    if images.ndim == 4:
        try:
            found.append(lens.sanity_pictures(subject.net, images[0], ask.target))
        except LensError:
            methods = ("saliency", "integrated_gradients")
            found.append(lens.sanity_pictures(subject.net, images[0], ask.target, methods=methods))
    return found


def ascent_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Images of the unit asked for, else of the class, else of every class."""
    flat = len(subject.shape) != 3
    options: dict[str, Any] = {"parametrisation": "pixels" if flat else "fourier"}
    options |= {"pixels": subject.pixels, "steps": ask.steps or 200}
    if not flat:
        options |= {"jitter": 2, "variation": 1.0, "l2": 0.1}
    if not flat and subject.images is not None:
        options["colours"] = lens.colour_basis(subject.images[:200])
    if ask.layer is not None:
        unit = ask.unit or (0,)
        target = unit[0] if len(unit) == 1 else unit
        return [
            lens.ascent(subject.net, target, subject.shape, layer=ask.layer, count=4, **options)
        ]
    last = list(ask.layers.values())[-1][0]
    classes = [ask.target] if ask.target is not None else list(range(min(last, 10)))
    names = tuple(subject.class_names[k] if subject.class_names else str(k) for k in classes)
    count = len(classes)
    return [
        lens.ascent(subject.net, classes, subject.shape, count=count, captions=names, **options)
    ]


def fooling_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Each image turned into the target class, or into the class after its own."""
    found = []
    for image in chosen_images(subject, ask):
        logits = lens.activations(subject.net, image[None])[0]
        target = ask.target if ask.target is not None else (int(logits.argmax()) + 1) % len(logits)
        options: dict[str, Any] = {"pixels": subject.pixels, "class_names": subject.class_names}
        found.append(lens.fooling(subject.net, image, target, **options))
    return found


def dream_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The dream of the first image in the layer asked for, else in the last one but one."""
    image = chosen_images(subject, ask)[0]
    target = None if ask.unit is None else ask.unit[0]
    options: dict[str, Any] = {"pixels": subject.pixels, "target": target}
    return [lens.deep_dream(subject.net, image, map_layer(ask), **options)]


def inversion_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Inversion from the layer asked for, else from up to seven over the depth."""
    image = chosen_images(subject, ask)[0]
    names = [ask.layer] if ask.layer else list(ask.layers)
    layers = [names[k] for k in np.unique(np.linspace(0, len(names) - 1, 7).round().astype(int))]
    options: dict[str, Any] = {"steps": ask.steps or 200, "pixels": subject.pixels}
    return [lens.inversion(subject.net, image, layers, **options)]


def texture_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The texture of the first image in all spatial layers up to the one asked for."""
    image, layers = chosen_images(subject, ask)[0], _up_to(ask)
    options: dict[str, Any] = {"steps": ask.steps or 200, "rate": 0.1, "pixels": subject.pixels}
    return [lens.texture(subject.net, image, layers, **options)]


def style_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """The first image in the texture of the second."""
    images, layers = chosen_images(subject, ask), _up_to(ask)
    if len(images) < 2:
        raise refusal("style", wanted="two images", got="one", do="Pass --image twice")
    options: dict[str, Any] = {"steps": ask.steps or 200, "pixels": subject.pixels}
    content = layers[-1]
    return [
        lens.style_transfer(
            subject.net, images[0], images[1], content_layer=content, style_layers=layers, **options
        )
    ]


def classes_part(subject: Subject, ask: Ask) -> Sequence[Images | Table]:
    """Mean images, and mean maps of some channels, of every class."""
    chosen_images(subject, ask)
    if subject.labels is None:
        raise refusal("classes", wanted="labels", got="none", do="Choose data with labels")
    names = subject.class_names
    found: list[Images | Table] = []
    if len(subject.shape) == 3:
        options: dict[str, Any] = {"class_names": names, "pixels": subject.pixels}
        found.append(lens.class_images(subject.images, subject.labels, **options))
    layer = map_layer(ask, 0)
    channels = _units(ask, ask.layers[layer][0], 8) if layer in ask.layers else None
    maps = lens.class_maps(
        subject.net, subject.images, subject.labels, layer, channels=channels, class_names=names
    )
    return [*found, maps]


def _units(ask: Ask, known: int, most: int) -> list[int]:
    return [ask.unit[0]] if ask.unit else list(range(min(known, most)))


def _up_to(ask: Ask) -> list[str]:
    found = spatial(ask)
    last = found.index(ask.layer) if ask.layer in found else len(found) - 1
    kept = found[: last + 1]
    return [kept[k] for k in np.unique(np.linspace(0, len(kept) - 1, 4).round().astype(int))]
