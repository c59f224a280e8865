"""The operators of MoveNet, by their names in TensorFlow.

Each function adds what one node does to the converter's graph. `inputs` are the names of the
node's input tensors.
"""

import numpy as np
from onnx_graph import FLOAT, INT32, INT64
from tfjs_convolution import convolution, depthwise_convolution, resize
from tfjs_file import element, whole, wholes

ELEMENTS = {"DT_FLOAT": FLOAT, "DT_INT32": INT32}

# FloorDiv divides whole numbers that are never negative (places in a list), and there Div
# rounds down as well.
ARITHMETIC = {"AddV2": "Add", "Sub": "Sub", "Mul": "Mul", "RealDiv": "Div", "FloorDiv": "Div"}


def arithmetic(converter, node, inputs):
    layout = converter.common_layout(inputs)
    operands = [converter.get(tensor, layout) for tensor in inputs]
    value = converter.graph.add(ARITHMETIC[node["op"]], operands)
    converter.put(node["name"], value, layout)


def squared_difference(converter, node, inputs):
    layout = converter.common_layout(inputs)
    operands = [converter.get(tensor, layout) for tensor in inputs]
    difference = converter.graph.add("Sub", operands)
    value = converter.graph.add("Mul", [difference, difference])
    converter.put(node["name"], value, layout)


def function(converter, node, inputs):
    """A function of each value, called the same in ONNX."""
    layout = converter.common_layout(inputs)
    value = converter.graph.add(node["op"], [converter.get(inputs[0], layout)])
    converter.put(node["name"], value, layout)


def cast(converter, node, inputs):
    target = ELEMENTS[element(node, "DstT")]
    value = converter.graph.add("Cast", [converter.get(inputs[0])], to=target)
    converter.put(node["name"], value)


def unpack(converter, node, inputs):
    """Split along an axis and drop it; output k is called "name:k", the first one "name"."""
    count, axis = whole(node, "num"), whole(node, "axis")
    parts = [converter.get(inputs[0])]
    if count > 1:
        parts = converter.graph.add_many("Split", parts, count, axis=axis)
    for number, part in enumerate(parts):
        value = converter.graph.add("Squeeze", [part, integers(converter, [axis])])
        converter.put(node["name"] if number == 0 else f"{node['name']}:{number}", value)


def pack(converter, node, inputs):
    """Give every input a new axis and join them along it."""
    axis = whole(node, "axis")
    parts = []
    for tensor in inputs:
        operands = [converter.get(tensor), integers(converter, [axis])]
        parts.append(converter.graph.add("Unsqueeze", operands))
    converter.put(node["name"], converter.graph.add("Concat", parts, axis=axis))


def expand_dims(converter, node, inputs):
    axes = converter.constants[inputs[1]].reshape(1)
    operands = [converter.get(inputs[0]), integers(converter, axes)]
    converter.put(node["name"], converter.graph.add("Unsqueeze", operands))


def squeeze(converter, node, inputs):
    operands = [converter.get(inputs[0]), integers(converter, wholes(node, "squeeze_dims"))]
    converter.put(node["name"], converter.graph.add("Squeeze", operands))


def reshape(converter, node, inputs):
    operands = [converter.get(inputs[0]), integers(converter, converter.constants[inputs[1]])]
    converter.put(node["name"], converter.graph.add("Reshape", operands))


def arg_max(converter, node, inputs):
    axis = int(converter.constants[inputs[1]])
    found = converter.graph.add("ArgMax", [converter.get(inputs[0])], axis=axis, keepdims=0)
    converter.put(node["name"], converter.graph.add("Cast", [found], to=INT32))


def concat(converter, node, inputs):
    *parts, axis = inputs
    operands = [converter.get(tensor) for tensor in parts]
    value = converter.graph.add("Concat", operands, axis=int(converter.constants[axis]))
    converter.put(node["name"], value)


def gather(converter, node, inputs):
    data, places = converter.get(inputs[0]), converter.get(inputs[1])
    places = converter.graph.add("Cast", [places], to=INT64)
    converter.put(node["name"], converter.graph.add("GatherND", [data, places]))


def identity(converter, node, inputs):
    converter.put(node["name"], converter.get(inputs[0]))


def integers(converter, values):
    """A constant of the type that ONNX wants axes and shapes in."""
    return converter.graph.constant(np.array(values, np.int64))


OPERATORS = {
    **dict.fromkeys(ARITHMETIC, arithmetic),
    "_FusedConv2D": convolution,
    "FusedDepthwiseConv2dNative": depthwise_convolution,
    "DepthwiseConv2dNative": depthwise_convolution,
    "ResizeBilinear": resize,
    "SquaredDifference": squared_difference,
    "Sigmoid": function,
    "Sqrt": function,
    "Cast": cast,
    "Unpack": unpack,
    "Pack": pack,
    "ExpandDims": expand_dims,
    "Squeeze": squeeze,
    "Reshape": reshape,
    "ArgMax": arg_max,
    "ConcatV2": concat,
    "GatherNd": gather,
    "Identity": identity,
}
