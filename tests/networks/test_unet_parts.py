"""The parts of U-Nets: kernels of even size, separable convolutions."""

import pytest
import torch

from lamella.networks.unet_parts.unet import convolution, separable_convolution


@pytest.mark.parametrize("make", [convolution, separable_convolution])
def test_an_even_kernel_pads_right_and_bottom(make):
    layer = make(1, 1, 2)
    for parameter in layer.parameters():
        torch.nn.init.ones_(parameter) if parameter.ndim > 1 else torch.nn.init.zeros_(parameter)
    image = torch.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    assert layer(image)[0, 0].tolist() == [[12, 16, 9], [24, 28, 15], [15, 17, 9]]


def test_a_separable_convolution_is_a_plain_one_of_products():
    layer = separable_convolution(3, 5, 3)
    depthwise, pointwise = layer.depthwise.weight, layer.pointwise
    assert layer.depthwise.bias is None
    kernel = torch.einsum("oc,cij->ocij", pointwise.weight[:, :, 0, 0], depthwise[:, 0])
    image = torch.rand(2, 3, 8, 8)
    plain = torch.nn.functional.conv2d(image, kernel, pointwise.bias, padding=1)
    assert torch.allclose(layer(image), plain, atol=1e-5)
