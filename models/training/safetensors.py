# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and writing safetensors files (https://github.com/huggingface/safetensors).

Eight bytes little-endian header length, a JSON header padded with spaces to a multiple of eight,
then the tensors' bytes. Only float32 and float16 tensors; the model's description is the JSON text under "fyr"
in the header's "__metadata__".
"""

import json
import os
from pathlib import Path

import numpy as np

from program import InputError

MODEL_KEY = "fyr"


DTYPES = {"F32": "<f4", "F16": "<f2"}


def write_model(path: Path, tensors: dict[str, np.ndarray], description: dict, half: bool = False):
    """Tensors lie sorted by name; the same content gives the same bytes. Written beside and
    renamed. half: matrices as float16; vectors are small and may be large numbers. Matrices that
    float16 holds exactly are stored so anyway: a file in half size stays one when it is rewritten."""
    header = {
        "__metadata__": {
            MODEL_KEY: json.dumps(description, separators=(",", ":"), ensure_ascii=False)
        }
    }
    blobs, offset = [], 0
    for name in sorted(tensors):
        with np.errstate(over="ignore"):
            is_half = half or np.array_equal(np.asarray(tensors[name], "<f2"), tensors[name])
            dtype = "F16" if is_half and np.ndim(tensors[name]) > 1 else "F32"
            tensor = np.ascontiguousarray(tensors[name], DTYPES[dtype])
        if not np.isfinite(tensor).all():
            raise ValueError(f"{name} holds values that are not finite")
        header[name] = {
            "dtype": dtype,
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
    """Tensors by name, as float32, and the model's description. Raises InputError for other files."""
    content = Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8 : 8 + length])
        description = json.loads(header.pop("__metadata__")[MODEL_KEY])
        data = memoryview(content)[8 + length :]
        tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            tensor = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]])
            tensors[name] = tensor.astype("<f4", copy=False).reshape(entry["shape"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a model file of fyr, or not a whole one") from error
    return tensors, description
