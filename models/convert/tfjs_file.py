"""What the conversion needs to know of a TensorFlow.js graph model: nodes and constants.

Such a model is a JSON file (nodes and a list of weights) and binary files with the weights
one after another.
"""

import base64
import json
import math
from pathlib import Path

import numpy as np


class TfjsFile:
    """Nodes in order of execution, and the constants by their names."""

    def __init__(self, path):
        path = Path(path)
        content = json.loads(path.read_text())
        self._nodes = {node["name"]: node for node in content["modelTopology"]["node"]}
        self.constants = {}
        for group in content["weightsManifest"]:
            data = b"".join((path.parent / part).read_bytes() for part in group["paths"])
            self.constants.update(read_weights(group["weights"], data))

    def output(self):
        """Name of the only output."""
        [name] = [name for name, node in self._nodes.items() if node["op"] == "Identity"]
        return name

    def nodes(self):
        """The nodes the output needs, each after those it takes its inputs from."""
        ordered = {}

        def visit(name):
            name = name.removeprefix("^").split(":")[0]
            if name in ordered:
                return
            for source in self._nodes[name].get("input", []):
                visit(source)
            ordered[name] = self._nodes[name]

        visit(self.output())
        return list(ordered.values())


def read_weights(entries, data):
    """Name -> values. Weights stored in 16 bits come out in the type the graph works in."""
    weights = {}
    start = 0
    for entry in entries:
        stored = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
        count = math.prod(entry["shape"])
        values = np.frombuffer(data, stored, count, start).reshape(entry["shape"])
        weights[entry["name"]] = values.astype(entry["dtype"])
        start += count * stored.itemsize
    if start != len(data):
        raise ValueError(f"the weights end at byte {start}, the file at byte {len(data)}")
    return weights


def tensor_name(name):
    """The name without the mark of a first output: "a:0" is "a"."""
    return name.removesuffix(":0")


def whole(node, name):
    """An attribute that is a whole number."""
    return int(node["attr"][name]["i"])


def wholes(node, name):
    """An attribute that is a list of whole numbers."""
    return [int(value) for value in node["attr"][name]["list"]["i"]]


def flag(node, name):
    """An attribute that is true or false; false when missing."""
    return node["attr"].get(name, {}).get("b", False)


def text(node, name):
    """An attribute that is a text."""
    return base64.b64decode(node["attr"][name]["s"]).decode()


def texts(node, name):
    """An attribute that is a list of texts; empty when missing."""
    values = node["attr"].get(name, {}).get("list", {}).get("s", [])
    return [base64.b64decode(value).decode() for value in values]


def element(node, name):
    """An attribute that is an element type: "DT_FLOAT" and the like."""
    return node["attr"][name]["type"]


def shape(node):
    """The shape of a placeholder."""
    return [int(size["size"]) for size in node["attr"]["shape"]["shape"]["dim"]]
