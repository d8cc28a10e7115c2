"""Writes one small GGUF file with a tensor of each block type and, beside it, what the gguf package widens it to.

    pip install gguf==0.19.0 numpy
    python make_gguf_fixture.py ../resources/gguf
"""

import json
import sys
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import GGML_QUANT_SIZES, GGUFWriter, quants

out = Path(sys.argv[1])
random = np.random.default_rng(20261122)
writer = GGUFWriter(out / "blocks.gguf", "llama")
writer.add_uint32("llama.block_count", 2)
writer.add_float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
writer.add_array("tokenizer.ggml.tokens", ["<s>", "é", "\U0001f600"])
writer.add_array("tokenizer.ggml.token_type", [3, 1, 1])
writer.add_bool("tokenizer.ggml.add_bos_token", False)
expected = {}
for kind in (T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q4_K, T.Q5_K, T.Q6_K):
    values = random.standard_normal((2, 256)).astype(np.float32)
    block, size = GGML_QUANT_SIZES[kind]
    if kind in (T.F32, T.F16, T.BF16):
        raw = quants.quantize(values, kind)
    else:
        # Any bytes are a block, but for its scales, which are F16 and must be finite.
        raw = random.integers(0, 256, (2, 256 // block * size), dtype=np.uint8)
        scales = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0],
                  T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}[kind]
        for row in raw:
            for begin in range(0, len(row), size):
                for at in scales:
                    scale = np.float16(random.uniform(0.001, 0.1))
                    row[begin + at:begin + at + 2] = np.frombuffer(scale.tobytes(), np.uint8)
    name = kind.name.lower()
    if kind == T.F32:
        writer.add_tensor(name, values)
    elif kind == T.F16:
        writer.add_tensor(name, values.astype(np.float16))
    else:
        writer.add_tensor(name, raw, raw_dtype=kind)
    wide = values.astype(np.float16) if kind == T.F16 else values if kind == T.F32 else quants.dequantize(raw, kind)
    expected[name] = [float(x) for x in np.asarray(wide, np.float32).ravel()]
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
(out / "blocks.json").write_text(json.dumps(expected))
