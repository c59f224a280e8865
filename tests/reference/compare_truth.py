"""Print how far the joints in joints.json lie from the true ones, as a table for Markdown.

    pip install numpy==2.4.6
    python tests/reference/compare_truth.py
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
TRUTH = HERE.parent / "frames" / "stills" / "truth.json"
JOINTS = HERE / "joints.json"

# Place in the model's output, by the name in truth.json; L and R are the person's own.
GROUPS = {
    "nose": {"nose": 0},
    "eyes": {"eyeL": 1, "eyeR": 2},
    "ears": {"earL": 3, "earR": 4},
    "shoulders": {"shoulderL": 5, "shoulderR": 6},
    "elbows": {"elbowL": 7, "elbowR": 8},
}


def errors(entries, found, person, model, group):
    """Found less true position [x, y] of each joint of the group that is in the picture."""
    differences = []
    for entry in entries:
        if entry["subject"] != person or "joints_px" not in entry:
            continue
        picture = found[entry["file"]]
        for name, place in GROUPS[group].items():
            true = np.array(entry["joints_px"][name][:2])
            if np.all(true >= 0) and np.all(true < [picture["width"], picture["height"]]):
                differences.append(np.array(picture[model][place][:2]) - true)
    return np.array(differences)


def shoulder_width(entries, person):
    """True distance between the shoulders when upright, in pixels."""
    [upright] = [e for e in entries if e["subject"] == person and e["pose"] == "upright"]
    joints = upright["joints_px"]
    return np.hypot(*np.subtract(joints["shoulderL"][:2], joints["shoulderR"][:2]))


def main():
    entries = json.loads(TRUTH.read_text())
    found = json.loads(JOINTS.read_text())
    print("| person | model | joint | n | median px | largest px | median x, y | of shoulder width |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for person in ("alex", "mei"):
        width = shoulder_width(entries, person)
        for model in ("lightning", "thunder"):
            for group in GROUPS:
                offsets = errors(entries, found, person, model, group)
                far = np.hypot(offsets[:, 0], offsets[:, 1])
                x, y = np.median(offsets, axis=0)
                print(
                    f"| {person} | {model} | {group} | {len(far)} | {np.median(far):.1f} "
                    f"| {far.max():.1f} | {x:+.0f}, {y:+.0f} | {np.median(far) / width:.1%} |"
                )


if __name__ == "__main__":
    main()
