#!/usr/bin/env python3
"""Makes the numbers that eight-bit moments and four-bit weights are compared with: bitsandbytes' own.

    python make_bitsandbytes_fixtures.py ../resources/dev/distill/student/ops/bitsandbytes.json

Needs bitsandbytes (0.50 or newer) and torch (2.5 or newer). bitsandbytes' native library is kept from loading: it then computes
in plain PyTorch (bitsandbytes/backends/default), which is the definition that its GPU kernels follow, whereas the native kernels
for processors look codes up in a coarse table (a moment of 0 becomes code 131 there, not 127). The optimizer is bitsandbytes'
AdamW8bit, whose update for processors (bitsandbytes/backends/cpu) calls these functions.

Inputs come from `numbers`, whole-number arithmetic that the test repeats, so that the file holds results alone. Codes are written
as hexadecimal bytes.
"""

import ctypes
import json
import os
import sys

os.environ["TORCHDYNAMO_DISABLE"] = "1"
load = ctypes.cdll.LoadLibrary


def load_others(name):
    if "bitsandbytes" in str(name):
        raise OSError("kept from loading: see above")
    return load(name)


ctypes.cdll.LoadLibrary = load_others

import bitsandbytes  # noqa: E402
import torch  # noqa: E402
from bitsandbytes import functional as F  # noqa: E402

UPDATES = 20
ADAMW = dict(lr=2**-7, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.0625)


def numbers(count, seed):
    """The same floats as BitsAndBytesNumbers.numbers, exact: from -1 to 1, then some of them much smaller."""
    i = torch.arange(count, dtype=torch.int64)
    mixed = ((i + 1) * 2654435761 + (seed + 1) * 40503 * 65537) % 2**32
    mixed = (mixed ^ (mixed >> 15)) * 2246822519 % 2**32
    mixed = mixed ^ (mixed >> 13)
    uniform = ((mixed >> 16) - 32768).to(torch.float32) / 32768
    return uniform * torch.pow(torch.tensor(2.0), -(mixed % 11).to(torch.float32))


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.reshape(-1).tolist()]


def codes(tensor):
    return bytes(tensor.reshape(-1).tolist()).hex()


def blockwise(signed):
    """Two whole blocks, one of zeros, and part of one."""
    x = numbers(900, 1)
    x[512:768] = 0
    x = x if signed else x * x
    q, state = F.quantize_blockwise(x, code=F.create_dynamic_map(signed), blocksize=256)
    return dict(codes=codes(q), absmax=plain(state.absmax), values=plain(F.dequantize_blockwise(q, state)))


def adamw8bit(shape):
    """What 20 updates of one tensor leave of it, every 16th number, and of its moments."""
    count = torch.Size(shape).numel()
    parameter = torch.nn.Parameter(numbers(count, 2).reshape(shape))
    optimizer = bitsandbytes.optim.AdamW8bit([parameter], **ADAMW)
    for step in range(UPDATES):
        parameter.grad = numbers(count, 10 + step).reshape(shape)
        optimizer.step()
    state = optimizer.state[parameter]
    result = dict(shape=list(shape), weights=plain(parameter.detach().reshape(-1)[::16]))
    if state["state1"].dtype == torch.uint8:
        result.update(
            codes1=codes(state["state1"]),
            codes2=codes(state["state2"]),
            absmax1=plain(state["absmax1"]),
            absmax2=plain(state["absmax2"]),
        )
    return result


def nf4(rows, cols):
    w = numbers(rows * cols, 3).reshape(rows, cols)
    packed, state = F.quantize_nf4(w, blocksize=64, compress_statistics=True)
    return dict(
        shape=[rows, cols],
        codes=codes(packed),
        absmax_codes=codes(state.absmax),
        absmax_absmax=plain(state.state2.absmax),
        offset=float(f"{state.offset.item():.9g}"),
        values=plain(F.dequantize_4bit(packed, state).reshape(-1)[::16]),
    )


def main(target):
    results = dict(
        made_with=f"bitsandbytes {bitsandbytes.__version__}, torch {torch.__version__}",
        map=plain(F.create_dynamic_map(True)),
        unsigned_map=plain(F.create_dynamic_map(False)),
        nf4_map=plain(F.get_4bit_type("nf4", device="cpu")),
        blockwise=blockwise(True),
        unsigned_blockwise=blockwise(False),
        matrix=adamw8bit((64, 66)),
        vector=adamw8bit((5000,)),
        small=adamw8bit((40, 10)),
        nf4=nf4(168, 104),
        nf4_with_part_of_a_block=nf4(20, 52),
    )
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in results.items()]
    with open(target, "w") as file:
        file.write("{\n " + ",\n ".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
