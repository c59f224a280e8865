"""The operators of MoveNet that work on pictures: convolutions and resizing.

Each function adds what one node does to the converter's graph. `inputs` are the names of the
node's input tensors.
"""

import numpy as np
from onnx_graph import same_padding
from tfjs_file import flag, text, texts, wholes


def convolution(converter, node, inputs):
    """A convolution; TensorFlow's weights are height, width, in, out."""
    weights = converter.constants[inputs[1]].transpose(3, 2, 0, 1)
    _convolve(converter, node, inputs, weights, 1)


def depthwise_convolution(converter, node, inputs):
    """One filter a channel; TensorFlow's weights are height, width, channel, filter."""
    height, width, channels, _ = converter.constants[inputs[1]].shape
    weights = converter.constants[inputs[1]].transpose(2, 3, 0, 1)
    _convolve(converter, node, inputs, weights.reshape(-1, 1, height, width), channels)


def _convolve(converter, node, inputs, weights, groups):
    name = node["name"]
    if wholes(node, "dilations") != [1, 1, 1, 1]:
        raise ValueError(f"{name}: a dilated convolution is not known here")
    kernel = list(weights.shape[2:])
    strides = wholes(node, "strides")[1:3]
    size = converter.sizes[inputs[0]]
    if text(node, "padding") == "SAME":
        pads = same_padding(size, kernel, strides)
        converter.sizes[name] = [-(-length // step) for length, step in zip(size, strides)]
    else:
        pads = [0, 0, 0, 0]
        converter.sizes[name] = [
            (length - taps) // step + 1 for length, taps, step in zip(size, kernel, strides)
        ]
    fused = texts(node, "fused_ops")
    operands = [converter.get(inputs[0], "NCHW"), converter.graph.constant(weights, "w")]
    if "BiasAdd" in fused:
        operands.append(converter.graph.constant(converter.constants[inputs[2]], "b"))
    value = converter.graph.add(
        "Conv", operands, kernel_shape=kernel, strides=strides, group=groups, pads=pads
    )
    for function in fused:
        value = _fused(converter.graph, value, function)
    converter.put(name, value, "NCHW")


def _fused(graph, value, function):
    """What a fused operation does after the convolution; the bias is part of it already."""
    if function == "BiasAdd":
        return value
    if function == "Relu":
        return graph.add("Relu", [value])
    if function == "Relu6":
        lowest = graph.constant(np.float32(0))
        highest = graph.constant(np.float32(6))
        return graph.add("Clip", [value, lowest, highest])
    raise ValueError(f"fused operation {function} is not known here")


def resize(converter, node, inputs):
    """Bilinear resizing."""
    name = node["name"]
    if not flag(node, "half_pixel_centers") or flag(node, "align_corners"):
        raise ValueError(f"{name}: a resize without half-pixel centres is not known here")
    before = converter.sizes[inputs[0]]
    after = [int(length) for length in converter.constants[inputs[1]]]
    scales = np.array([1, 1, after[0] / before[0], after[1] / before[1]], np.float32)
    operands = [converter.get(inputs[0], "NCHW"), "", converter.graph.constant(scales)]
    value = converter.graph.add(
        "Resize", operands, mode="linear", coordinate_transformation_mode="half_pixel"
    )
    converter.put(name, value, "NCHW")
    converter.sizes[name] = after
