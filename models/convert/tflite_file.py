"""What the conversion needs to know of a TensorFlow Lite file: operators, shapes, constants.

The format is TensorFlow's `lite/schema/schema.fbs`; the package `tflite` reads it.
"""

from pathlib import Path

import numpy as np
import tflite

ELEMENTS = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}

OPERATORS = {
    number: name
    for name, number in vars(tflite.BuiltinOperator).items()
    if isinstance(number, int)
}

# Element types of the indices of a sparse level, by the number of the union's member.
INDEX_VECTORS = {1: tflite.Int32Vector, 2: tflite.Uint16Vector, 3: tflite.Uint8Vector}


class TfliteFile:
    """The one subgraph of a TensorFlow Lite file. Tensors are known by their numbers."""

    def __init__(self, path):
        self._model = tflite.Model.GetRootAsModel(Path(path).read_bytes(), 0)
        self._graph = self._model.Subgraphs(0)
        count = self._graph.TensorsLength()
        self._tensors = [self._graph.Tensors(i) for i in range(count)]
        self.shapes = [shape_of(tensor) for tensor in self._tensors]
        self.constants = self._read_constants()

    def _read_constants(self):
        """Tensor number -> values, for every tensor that has data; sparse ones as stored."""
        constants = {}
        for number, tensor in enumerate(self._tensors):
            buffer = self._model.Buffers(tensor.Buffer())
            if buffer.DataLength() == 0:
                continue
            data = buffer.DataAsNumpy().tobytes()
            values = np.frombuffer(data, ELEMENTS[tensor.Type()])
            if tensor.Sparsity() is None:
                values = values.reshape(self.shapes[number])
            constants[number] = values
        return constants

    def operators(self):
        """Yield (name, operator, input numbers, output number) in order of execution."""
        for number in range(self._graph.OperatorsLength()):
            operator = self._graph.Operators(number)
            code = self._model.OperatorCodes(operator.OpcodeIndex())
            # Older files have the number in the field that is now called deprecated.
            name = OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            inputs = [operator.Inputs(k) for k in range(operator.InputsLength())]
            yield name, operator, inputs, operator.Outputs(0)

    def input(self):
        """Number of the first input."""
        return self._graph.Inputs(0)

    def outputs(self):
        """Name -> number of every output."""
        numbers = [self._graph.Outputs(k) for k in range(self._graph.OutputsLength())]
        return {self._tensors[number].Name().decode(): number for number in numbers}

    def dense(self, number):
        """A sparse constant written out, with zeros where nothing is stored."""
        return densify(self._tensors[number], self.shapes[number], self.constants[number])


def options(operator, kind):
    """The operator's options, read as the `kind` they are known to be."""
    table = operator.BuiltinOptions()
    result = kind()
    result.Init(table.Bytes, table.Pos)
    return result


def shape_of(tensor):
    """The tensor's shape as a list of whole numbers."""
    return [int(size) for size in tensor.ShapeAsNumpy()] if tensor.ShapeLength() else []


def densify(tensor, shape, stored):
    """Values of a sparse tensor in their places, as `SparsityParameters` in the schema says.

    The tensor is a tree of levels, one a dimension and then one a block dimension. A dense
    level has all its indices; a sparse one lists them, with segments that say which belong
    to which parent.
    """
    sparsity = tensor.Sparsity()
    order = [sparsity.TraversalOrder(i) for i in range(sparsity.TraversalOrderLength())]
    blocked = [sparsity.BlockMap(i) for i in range(sparsity.BlockMapLength())]
    levels = [read_level(sparsity.DimMetadata(i)) for i in range(sparsity.DimMetadataLength())]
    rank = len(shape)

    block_size = [1] * rank
    for block, dimension in enumerate(blocked):
        block_size[dimension] = levels[rank + block]["size"]

    result = np.zeros(shape, stored.dtype)
    places = list(walk(levels))
    if len(places) != len(stored):
        raise ValueError(f"{len(stored)} values are stored, {len(places)} places are named")
    for value, place in zip(stored, places):
        index = [0] * rank
        for dimension, step in zip(order, place):
            if dimension < rank:
                index[dimension] += step * block_size[dimension]
            else:
                index[blocked[dimension - rank]] += step
        result[tuple(index)] = value
    return result


def read_level(metadata):
    """One level: its size when dense, its segments and indices when sparse."""
    if metadata.Format() == tflite.DimensionType.DENSE:
        return {"size": metadata.DenseSize()}
    return {
        "segments": read_indices(metadata.ArraySegmentsType(), metadata.ArraySegments()),
        "indices": read_indices(metadata.ArrayIndicesType(), metadata.ArrayIndices()),
    }


def read_indices(kind, table):
    """A vector of indices, whatever its element type."""
    vector = INDEX_VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return [vector.Values(i) for i in range(vector.ValuesLength())]


def walk(levels, parent=0):
    """Yield the index on every level of each stored value, in the order of storage."""
    if not levels:
        yield ()
        return
    level, *below = levels
    if "size" in level:
        children = [(i, parent * level["size"] + i) for i in range(level["size"])]
    else:
        first, last = level["segments"][parent], level["segments"][parent + 1]
        children = [(level["indices"][i], i) for i in range(first, last)]
    for index, child in children:
        for rest in walk(below, child):
            yield (index, *rest)
