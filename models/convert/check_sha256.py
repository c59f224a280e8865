"""Compare files with the sha256 that the manifest names for a model; fail when one differs.

    check_sha256.py lightning source movenet-lightning.json movenet-lightning.bin
    check_sha256.py lightning result movenet_lightning.onnx
"""

import argparse
import hashlib
import sys
import tomllib
from pathlib import Path

MANIFEST = Path(__file__).resolve().parent.parent / "manifest.toml"


def expected(name, kind):
    """The sums the manifest has for a model's sources or for its result."""
    models = tomllib.loads(MANIFEST.read_text())["model"]
    [model] = [model for model in models if model["name"] == name]
    return model["source_sha256"] if kind == "source" else [model["sha256"]]


def differences(files, sums):
    """A line for every file whose sum is another than the one at its place."""
    lines = []
    for path, wanted in zip(files, sums, strict=True):
        found = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        if found != wanted:
            lines.append(f'"{path}": sha256 is {found}, the manifest has {wanted}')
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a name in manifest.toml")
    parser.add_argument("kind", choices=["source", "result"])
    parser.add_argument("files", nargs="+", help="in the manifest's order")
    arguments = parser.parse_args()
    sums = expected(arguments.model, arguments.kind)
    lines = differences(arguments.files, sums)
    if lines:
        sys.exit("\n".join(lines))
    print(f"{arguments.model}: {arguments.kind} as in the manifest")


if __name__ == "__main__":
    main()
