"""Convert MediaPipe's BlazePose person detector from TensorFlow Lite to ONNX.

Knows the operators of that one file and refuses others. Pictures go through the graph as
NCHW, which is what ONNX convolutions take; input and outputs keep TensorFlow's NHWC.
"""

import argparse

import numpy as np
import tflite
from onnx_graph import FLOAT, OnnxGraph, same_padding, write_slimmed
from tflite_file import TfliteFile, options

NCHW_FROM_NHWC = [0, 3, 1, 2]
NHWC_FROM_NCHW = [0, 2, 3, 1]


class Converter:
    """Turns one operator after another into ONNX nodes."""

    def __init__(self, source):
        self.source = source
        self.shapes = source.shapes
        self.constants = source.constants
        self.graph = OnnxGraph()
        self.values = {}

    def run(self, input_name, output_names):
        """The ONNX model. `output_names`: the file's name of an output -> ours."""
        first = self.source.input()
        self.values[first] = self.graph.add("Transpose", [input_name], perm=NCHW_FROM_NHWC)
        for name, operator, inputs, output in self.source.operators():
            step = getattr(self, name.lower(), None)
            if step is None:
                raise ValueError(f"operator {name} is not known here")
            step(operator, inputs, output)

        outputs = []
        for name, number in self.source.outputs().items():
            self.graph.name_output(self.values[number], output_names[name])
            outputs.append((output_names[name], FLOAT, self.shapes[number]))
        inputs = [(input_name, FLOAT, self.shapes[first])]
        return self.graph.model("blazepose", "tflite-to-onnx", inputs, outputs)

    # Each method below is named after the operator it converts.

    def densify(self, _operator, inputs, output):
        self.constants[output] = self.source.dense(inputs[0])

    def dequantize(self, _operator, inputs, output):
        """Here only ever the way 16-bit weights become 32-bit ones."""
        self.constants[output] = self.constants[inputs[0]].astype(np.float32)

    def conv_2d(self, operator, inputs, output):
        chosen = options(operator, tflite.Conv2DOptions)
        weights = self.constants[inputs[1]].transpose(0, 3, 1, 2)
        self._convolution(chosen, weights, 1, inputs, output)

    def depthwise_conv_2d(self, operator, inputs, output):
        chosen = options(operator, tflite.DepthwiseConv2DOptions)
        weights = self.constants[inputs[1]].transpose(3, 0, 1, 2)
        channels = self.shapes[inputs[0]][3]
        self._convolution(chosen, weights, channels, inputs, output)

    def _convolution(self, chosen, weights, groups, inputs, output):
        kernel = list(weights.shape[2:])
        strides = [chosen.StrideH(), chosen.StrideW()]
        dilations = [chosen.DilationHFactor(), chosen.DilationWFactor()]
        reach = [(taps - 1) * step + 1 for taps, step in zip(kernel, dilations)]
        if chosen.Padding() == tflite.Padding.SAME:
            pads = same_padding(self.shapes[inputs[0]][1:3], reach, strides)
        else:
            pads = [0, 0, 0, 0]
        operands = [
            self.values[inputs[0]],
            self.graph.constant(weights, "w"),
            self.graph.constant(self.constants[inputs[2]], "b"),
        ]
        value = self.graph.add(
            "Conv",
            operands,
            kernel_shape=kernel,
            strides=strides,
            dilations=dilations,
            group=groups,
            pads=pads,
        )
        self.values[output] = self._activated(value, chosen.FusedActivationFunction())

    def add(self, operator, inputs, output):
        chosen = options(operator, tflite.AddOptions)
        value = self.graph.add("Add", [self.values[number] for number in inputs])
        self.values[output] = self._activated(value, chosen.FusedActivationFunction())

    def _activated(self, value, function):
        if function == tflite.ActivationFunctionType.NONE:
            return value
        if function == tflite.ActivationFunctionType.RELU6:
            lowest = self.graph.constant(np.float32(0), "c0")
            highest = self.graph.constant(np.float32(6), "c6")
            return self.graph.add("Clip", [value, lowest, highest])
        raise ValueError(f"activation function {function} is not known here")

    def pad(self, _operator, inputs, output):
        around = self.constants[inputs[1]][NCHW_FROM_NHWC]
        pads = np.concatenate([around[:, 0], around[:, 1]]).astype(np.int64)
        operands = [self.values[inputs[0]], self.graph.constant(pads, "pads")]
        self.values[output] = self.graph.add("Pad", operands, mode="constant")

    def resize_bilinear(self, operator, inputs, output):
        if not options(operator, tflite.ResizeBilinearOptions).HalfPixelCenters():
            raise ValueError("a resize without half-pixel centres is not known here")
        before, after = self.shapes[inputs[0]], self.shapes[output]
        scales = np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32)
        operands = [self.values[inputs[0]], "", self.graph.constant(scales, "scales")]
        self.values[output] = self.graph.add(
            "Resize", operands, mode="linear", coordinate_transformation_mode="half_pixel"
        )

    def depth_to_space(self, operator, inputs, output):
        size = options(operator, tflite.DepthToSpaceOptions).BlockSize()
        operands = [self.values[inputs[0]]]
        self.values[output] = self.graph.add("DepthToSpace", operands, blocksize=size, mode="DCR")

    def reshape(self, _operator, inputs, output):
        """From a picture to a list, whose order is that of NHWC."""
        value = self.graph.add("Transpose", [self.values[inputs[0]]], perm=NHWC_FROM_NCHW)
        shape = np.array(self.shapes[output], np.int64)
        self.values[output] = self.graph.add("Reshape", [value, self.graph.constant(shape, "shape")])

    def concatenation(self, operator, inputs, output):
        """Of lists, whose axes are the same in TensorFlow and here."""
        axis = options(operator, tflite.ConcatenationOptions).Axis()
        operands = [self.values[number] for number in inputs]
        self.values[output] = self.graph.add("Concat", operands, axis=axis)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="the .tflite file")
    parser.add_argument("target", help="the .onnx file to write")
    arguments = parser.parse_args()
    names = {"Identity": "boxes", "Identity_1": "scores"}
    model = Converter(TfliteFile(arguments.source)).run("input", names)
    write_slimmed(model, arguments.target)


if __name__ == "__main__":
    main()
