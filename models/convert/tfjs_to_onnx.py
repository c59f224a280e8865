"""Convert MoveNet (single pose) from a TensorFlow.js graph model to ONNX.

Knows the operators of MoveNet Lightning and Thunder (`tfjs_operators.py`) and refuses others.
Pictures are kept as NCHW from one convolution to the next and turned back to TensorFlow's
NHWC where another operator wants them so.
"""

import argparse
from collections import namedtuple

from onnx_graph import FLOAT, INT32, OnnxGraph, write_slimmed
from tfjs_file import TfjsFile, shape, tensor_name
from tfjs_operators import OPERATORS

# A value in the ONNX graph and how its axes lie.
Value = namedtuple("Value", "name layout")
PERMUTATION = {"NCHW": [0, 3, 1, 2], "NHWC": [0, 2, 3, 1]}


class Converter:
    """Turns one node after another into ONNX nodes."""

    def __init__(self, source):
        self.source = source
        self.constants = source.constants
        self.graph = OnnxGraph()
        # Height and width of the pictures, by tensor: SAME padding depends on them.
        self.sizes = {}
        self._values = {}
        self._turned = {}

    def run(self, input_name, output_name):
        """The ONNX model."""
        input_shape = None
        for node in self.source.nodes():
            name, kind = node["name"], node["op"]
            if kind == "Const":
                continue
            if kind == "Placeholder":
                input_shape = shape(node)
                self.put(name, input_name)
                self.sizes[name] = input_shape[1:3]
                continue
            if kind not in OPERATORS:
                raise ValueError(f"operator {kind} is not known here")
            inputs = [tensor_name(source) for source in node["input"]]
            self._inherit_size(name, inputs)
            OPERATORS[kind](self, node, inputs)
        self.graph.name_output(self.get(self.source.output()), output_name)
        return self.graph.model(
            "movenet",
            "tfjs-to-onnx",
            [(input_name, INT32, input_shape)],
            [(output_name, FLOAT, [1, 1, 17, 3])],
        )

    def _inherit_size(self, name, inputs):
        known = [self.sizes[source] for source in inputs if source in self.sizes]
        if known:
            self.sizes[name] = known[0]

    def put(self, tensor, value, layout="NHWC"):
        """Remember which ONNX value a tensor has become."""
        self._values[tensor] = Value(value, layout)

    def get(self, tensor, layout="NHWC"):
        """The ONNX name of a tensor in the layout asked for, turned there when it is not."""
        if tensor in self.constants and tensor not in self._values:
            self.put(tensor, self.graph.constant(self.constants[tensor]))
        value = self._values[tensor]
        if value.layout == layout:
            return value.name
        key = (tensor, layout)
        if key not in self._turned:
            turned = self.graph.add("Transpose", [value.name], perm=PERMUTATION[layout])
            self._turned[key] = turned
        return self._turned[key]

    def common_layout(self, tensors):
        """NCHW when all have it already, else NHWC."""
        layouts = {self._values[t].layout if t in self._values else "NHWC" for t in tensors}
        return "NCHW" if layouts == {"NCHW"} else "NHWC"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="the model's .json file, its .bin file beside it")
    parser.add_argument("target", help="the .onnx file to write")
    arguments = parser.parse_args()
    model = Converter(TfjsFile(arguments.source)).run("input", "keypoints")
    write_slimmed(model, arguments.target)


if __name__ == "__main__":
    main()
