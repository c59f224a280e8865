"""An ONNX graph under construction, and how a finished one is checked, slimmed and written.

Names are counted up in the order things are added, so the same source gives the same bytes.
"""

import numpy as np
import onnx
import onnxslim
from onnx import TensorProto, helper, numpy_helper

# Opset 17 is old enough for every engine in use and has all operators needed here.
OPSET = 17
# The IR version that belongs to opset 17; newer ones are refused by older runtimes.
IR_VERSION = 8

FLOAT = TensorProto.FLOAT
INT32 = TensorProto.INT32
INT64 = TensorProto.INT64


class OnnxGraph:
    """Nodes and constants in the order they were added; values are known by their names."""

    def __init__(self):
        self._nodes = []
        self._constants = []
        self._count = 0

    def _new_name(self, prefix):
        self._count += 1
        return f"{prefix}_{self._count}"

    def constant(self, values, prefix="k"):
        """Add a constant and return its name."""
        name = self._new_name(prefix)
        # A single number becomes a list of one: ascontiguousarray gives at least one axis.
        tensor = numpy_helper.from_array(np.ascontiguousarray(values), name)
        self._constants.append(tensor)
        return name

    def add(self, operator, inputs, **attributes):
        """Add a node with one output and return the output's name."""
        return self.add_many(operator, inputs, 1, **attributes)[0]

    def add_many(self, operator, inputs, outputs, **attributes):
        """Add a node with several outputs and return their names."""
        names = [self._new_name(operator.lower()) for _ in range(outputs)]
        node = helper.make_node(operator, inputs, names, name=names[0], **attributes)
        self._nodes.append(node)
        return names

    def name_output(self, value, output):
        """Give the value the name it has outside."""
        self._nodes.append(helper.make_node("Identity", [value], [output]))

    def model(self, name, producer, inputs, outputs):
        """The finished, checked model.

        `inputs` and `outputs` are lists of (name, TensorProto element type, shape).
        """
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(*value) for value in inputs],
            [helper.make_tensor_value_info(*value) for value in outputs],
            self._constants,
        )
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], producer_name=producer)
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model


def same_padding(size, kernel, stride):
    """TensorFlow's SAME padding, as ONNX wants it: [top, left, bottom, right].

    The output is ceil(size / stride) long; an odd rest of the padding goes to the end.
    `size`, `kernel` and `stride` are (height, width) pairs.
    """
    totals = []
    for length, taps, step in zip(size, kernel, stride):
        steps = -(-length // step)
        totals.append(max((steps - 1) * step + taps - length, 0))
    before = [total // 2 for total in totals]
    after = [total - total // 2 for total in totals]
    return before + after


def write_slimmed(model, path):
    """Fold what is constant, drop what is unused, check again and write."""
    slim = onnxslim.slim(model)
    onnx.checker.check_model(slim)
    onnx.save(slim, path)
    print(f"{path}: {len(slim.graph.node)} nodes")
