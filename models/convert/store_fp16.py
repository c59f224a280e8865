"""Store the weights of an ONNX model in 16 bits, where that loses nothing.

Each such weight becomes a 16-bit constant and a Cast back to 32 bits, which engines work out
once, when they load the model. The arithmetic stays in 32 bits, and so do the results. The
sources hold their weights in 16 bits already, so nearly all of them qualify.
"""

import argparse

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Below this many values a Cast takes more room than it saves.
SMALLEST = 16


def halved(tensor):
    """The tensor's values in 16 bits, or None when that would change them or is not worth it."""
    if tensor.data_type != TensorProto.FLOAT:
        return None
    values = numpy_helper.to_array(tensor)
    if values.size < SMALLEST:
        return None
    half = values.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), values) else None


def store_fp16(model):
    """Change the model in place; returns how many of its constants are now 16 bits wide."""
    constants, casts = [], []
    for tensor in model.graph.initializer:
        half = halved(tensor)
        if half is None:
            constants.append(tensor)
            continue
        stored = f"{tensor.name}_h"
        constants.append(numpy_helper.from_array(half, stored))
        casts.append(
            helper.make_node(
                "Cast", [stored], [tensor.name], to=TensorProto.FLOAT, name=f"{tensor.name}_cast"
            )
        )
    nodes = list(model.graph.node)
    del model.graph.initializer[:]
    model.graph.initializer.extend(constants)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    return len(casts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="the .onnx file to read")
    parser.add_argument("target", help="the .onnx file to write")
    arguments = parser.parse_args()
    model = onnx.load(arguments.source)
    count = store_fp16(model)
    onnx.checker.check_model(model)
    onnx.save(model, arguments.target)
    print(f"{arguments.target}: {count} of {len(model.graph.initializer)} constants in 16 bits")


if __name__ == "__main__":
    main()
