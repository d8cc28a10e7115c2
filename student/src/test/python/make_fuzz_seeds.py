#!/usr/bin/env python3
"""Writes sound little files from which the fuzz tests of the readers start.

    pip install gguf==0.19.0 safetensors==0.8.0 numpy
    python make_fuzz_seeds.py ../resources/dev/distill/student/weights/ReaderFuzzTestInputs
"""

import struct
import sys
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from safetensors.numpy import save

out = Path(sys.argv[1])
tensors = {"x": np.zeros((2, 2), np.float32), "y": np.ones(3, np.float16), "none": np.zeros((0, 5), np.int64)}
file = save(tensors, metadata={"format": "pt"})
(length,) = struct.unpack("<Q", file[:8])
assert len(file) - 8 - length == 22  # the size of the data that the header's test assumes
(out / "safetensors" / "three.safetensors").write_bytes(file)
(out / "safetensorsHeader" / "three.json").write_bytes(file[8 : 8 + length])


def gguf(path, architecture, fill):
    writer = GGUFWriter(path, architecture)
    fill(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def some_of_everything(writer):
    writer.add_array("a.words", ["one", "two"])
    writer.add_array("a.numbers", [1, -2])
    writer.add_bool("a.bool", True)
    writer.add_float32("a.float", 0.5)
    writer.add_uint64("a.long", 1 << 40)
    writer.add_tensor("plain", np.arange(3, dtype=np.float32))
    writer.add_tensor("half", np.ones((2, 2), np.float16))
    writer.add_tensor("blocks", np.zeros((1, 34), np.uint8), raw_dtype=GGMLQuantizationType.Q8_0)


def model(writer):
    """One layer of width 4: two heads of 2, Llama 3's frequencies."""
    name = writer.arch
    writer.add_uint32(f"{name}.embedding_length", 4)
    writer.add_uint32(f"{name}.attention.head_count", 2)
    writer.add_uint32(f"{name}.attention.head_count_kv", 1)
    writer.add_uint32(f"{name}.block_count", 1)
    writer.add_uint32(f"{name}.feed_forward_length", 3)
    writer.add_uint32(f"{name}.context_length", 16)
    writer.add_float32(f"{name}.attention.layer_norm_rms_epsilon", 1e-5)
    if name == "llama":
        writer.add_tensor("rope_freqs.weight", np.ones(1, np.float32))
    else:
        writer.add_string(f"{name}.rope.scaling.type", "yarn")
        writer.add_float32(f"{name}.rope.scaling.factor", 2)
        for part, rows in (("q", 4), ("k", 2), ("v", 2)):
            writer.add_tensor(f"blk.0.attn_{part}.bias", np.zeros(rows, np.float32))
    writer.add_tensor("token_embd.weight", np.zeros((5, 4), np.float32))
    writer.add_tensor("output_norm.weight", np.ones(4, np.float32))
    for part, rows, columns in (
        ("attn_q", 4, 4),
        ("attn_k", 2, 4),
        ("attn_v", 2, 4),
        ("attn_output", 4, 4),
        ("ffn_gate", 3, 4),
        ("ffn_up", 3, 4),
        ("ffn_down", 4, 3),
    ):
        writer.add_tensor(f"blk.0.{part}.weight", np.zeros((rows, columns), np.float16))
    writer.add_tensor("blk.0.attn_norm.weight", np.ones(4, np.float32))
    writer.add_tensor("blk.0.ffn_norm.weight", np.ones(4, np.float32))


gguf(out / "gguf" / "everything.gguf", "any", some_of_everything)
gguf(out / "ggufModel" / "llama.gguf", "llama", model)
gguf(out / "ggufModel" / "qwen2.gguf", "qwen2", model)
