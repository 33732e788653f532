# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and writing safetensors files (https://github.com/huggingface/safetensors).

Eight bytes little-endian header length, a JSON header padded with spaces to a multiple of eight,
then the tensors' bytes. Only float32 tensors; the model's description is the JSON text under "fyr"
in the header's "__metadata__".
"""

import json
import os
from pathlib import Path

import numpy as np

MODEL_KEY = "fyr"


def write_model(path: Path, tensors: dict[str, np.ndarray], description: dict):
    """Tensors lie sorted by name; the same content gives the same bytes. Written beside and
    renamed."""
    header = {
        "__metadata__": {
            MODEL_KEY: json.dumps(description, separators=(",", ":"), ensure_ascii=False)
        }
    }
    blobs, offset = [], 0
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name], "<f4")
        if not np.isfinite(tensor).all():
            raise ValueError(f"{name} holds values that are not finite")
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
        blobs.append(tensor.tobytes())
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with open(part, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for blob in blobs:
            file.write(blob)
    part.replace(path)


def read_model(path: Path):
    """Tensors by name and the model's description."""
    content = Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    description = json.loads(header.pop("__metadata__")[MODEL_KEY])
    data = memoryview(content)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return tensors, description
