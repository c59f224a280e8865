"""Write joints.json: what the models see in the pictures of tests/frames/stills.

    pip install numpy==2.4.6 onnxruntime==1.28.0 pillow==13.0.0
    python tests/reference/make_reference.py

Written from the description of the models (models/README.md) and not from the program, so
that the two hold each other to account. Nothing here is quick: it is meant to be plain.
"""

import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
STILLS = ROOT / "tests" / "frames" / "stills"
MODELS = ROOT / "models"
TARGET = Path(__file__).resolve().parent / "joints.json"

POSE_MODELS = {"lightning": "movenet_lightning.onnx", "thunder": "movenet_thunder.onnx"}
PRESENCE_MODEL = "pose_detection.onnx"
PRESENCE_SIDE = 224
# Cells on a side and anchors in a cell of the detector's three grids, in the output's order.
ANCHOR_GRIDS = [(28, 2), (14, 2), (7, 6)]
# A person is there when the best score reaches this.
LEAST_SCORE = 0.5
# Boxes that overlap the best one by more than this (intersection over union) are averaged.
LEAST_OVERLAP = 0.3


class Letterbox:
    """A picture scaled to fit into a square of `side` pixels, with black around it.

    A point (x, y) of the picture lies at (x * scale + left, y * scale + top) in the square.
    """

    def __init__(self, picture, side):
        height, width = picture.shape[:2]
        longest = max(height, width)
        self.scale = side / longest
        self.left = (longest - width) / 2 * self.scale
        self.top = (longest - height) / 2 * self.scale
        positions = np.arange(side)
        columns = (positions - self.left) / self.scale
        rows = (positions - self.top) / self.scale
        self.pixels = np.floor(bilinear(picture, columns, rows) + 0.5).astype(np.uint8)

    def to_picture(self, points):
        """Points of the square, in pixels, as points of the picture."""
        return (np.asarray(points) - [self.left, self.top]) / self.scale


def bilinear(picture, columns, rows):
    """Values of the picture at every crossing of `columns` and `rows`, black outside of it.

    A whole number is the place of a pixel, not of its corner.
    """
    across = mixing_matrix(columns, picture.shape[1])
    down = mixing_matrix(rows, picture.shape[0])
    return np.einsum("ry,yxc,kx->rkc", down, picture.astype(np.float64), across, optimize=True)


def mixing_matrix(places, length):
    """For each place, how much each of `length` pixels counts: the two beside it share it."""
    matrix = np.zeros((len(places), length))
    for row, place in enumerate(places):
        before = int(np.floor(place))
        part = place - before
        for pixel, weight in ((before, 1 - part), (before + 1, part)):
            if 0 <= pixel < length:
                matrix[row, pixel] += weight
    return matrix


def find_joints(session, picture):
    """The 17 joints as [x, y, confidence], in pixels of the picture."""
    side = session.get_inputs()[0].shape[1]
    box = Letterbox(picture, side)
    [keypoints] = session.run(["keypoints"], {"input": box.pixels[None].astype(np.int32)})
    keypoints = keypoints[0, 0].astype(np.float64)
    places = box.to_picture(keypoints[:, [1, 0]] * side)
    return np.column_stack([places, keypoints[:, 2]])


def anchor_centres():
    """The centre (x, y) of each of the 2254 anchors, in parts of the square."""
    centres = []
    for cells, anchors in ANCHOR_GRIDS:
        for y in range(cells):
            for x in range(cells):
                centres += [((x + 0.5) / cells, (y + 0.5) / cells)] * anchors
    return np.array(centres)


def find_person(session, picture):
    """The best score; and the box [left, top, right, bottom] in pixels, or None for nobody."""
    square = Letterbox(picture, PRESENCE_SIDE)
    values = (square.pixels[None].astype(np.float32) / 127.5) - 1
    boxes, logits = session.run(["boxes", "scores"], {"input": values})
    raw = boxes[0].astype(np.float64)
    logits = np.clip(logits[0, :, 0].astype(np.float64), -100, 100)
    scores = 1 / (1 + np.exp(-logits))

    centres = raw[:, 0:2] / PRESENCE_SIDE + anchor_centres()
    sizes = raw[:, 2:4] / PRESENCE_SIDE
    corners = np.hstack([centres - sizes / 2, centres + sizes / 2])
    best = int(scores.argmax())
    if scores[best] < LEAST_SCORE:
        return scores[best], None
    chosen = (scores >= LEAST_SCORE) & (overlaps(corners, corners[best]) > LEAST_OVERLAP)
    box = np.average(corners[chosen], axis=0, weights=scores[chosen])
    return scores[best], square.to_picture(box.reshape(2, 2) * PRESENCE_SIDE).ravel()


def overlaps(corners, one):
    """Intersection over union of every box with `one`."""
    low = np.maximum(corners[:, :2], one[:2])
    high = np.minimum(corners[:, 2:], one[2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return shared / (areas + np.prod(one[2:] - one[:2]) - shared)


def mean_luma(picture):
    """Mean brightness by Rec. 601, 0 black to 1 white."""
    return float((picture.reshape(-1, 3) @ [0.299, 0.587, 0.114]).mean() / 255)


def open_model(name):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = MODELS / name
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def rounded(values, places=3):
    return [round(float(value), places) for value in values]


def main():
    pose_models = {name: open_model(file) for name, file in POSE_MODELS.items()}
    presence_model = open_model(PRESENCE_MODEL)
    pictures = {}
    for path in sorted(STILLS.glob("*.jpg")):
        picture = np.asarray(Image.open(path).convert("RGB"))
        score, box = find_person(presence_model, picture)
        entry = {
            "width": picture.shape[1],
            "height": picture.shape[0],
            "mean_luma": round(mean_luma(picture), 5),
            "presence": {
                "score": round(float(score), 5),
                "box": None if box is None else rounded(box),
            },
        }
        for name, session in pose_models.items():
            entry[name] = [rounded(joint, 4) for joint in find_joints(session, picture)]
        pictures[path.name] = entry
    TARGET.write_text(written(pictures))


def written(pictures):
    """The pictures as JSON, with a list of numbers on one line."""
    text = json.dumps(pictures, indent=1)
    numbers = re.compile(r"\[\s+([^\[\]]+?)\s+\]")
    return numbers.sub(lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n"


if __name__ == "__main__":
    main()
