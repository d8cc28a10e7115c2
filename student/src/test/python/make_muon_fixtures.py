#!/usr/bin/env python3
"""Makes the numbers that Muon is compared with: four updates of a tall, a wide and a square matrix, in float64.

    python make_muon_fixtures.py ../resources/dev/distill/student/optim/muon.json

Needs torch (2.9 or newer). The update is the formula of torch.optim.Muon (K. Jordan et al. 2024, https://kellerjordan.github.io/posts/muon)
with the rate of J. Liu et al. 2025 (arXiv:2502.16982, equation 4), computed in float64: torch.optim.Muon itself iterates in
bfloat16. The script checks that the two agree as far as bfloat16 goes. Inputs are random multiples of 1/16.
"""

import json
import math
import sys

import torch

GENERATOR = torch.Generator().manual_seed(20261129)
A, B, C = 3.4445, -4.7750, 2.0315
STEPS = 5
EPSILON = 1e-7
MOMENTUM = 0.95
DECAY = 0.125
RATE = 2**-6
SHAPES = dict(tall=(12, 5), wide=(4, 9), square=(6, 6))


def normal(*shape):
    return (torch.randn(*shape, generator=GENERATOR, dtype=torch.float64) * 16).round() / 16


def orthogonalised(g):
    x = g.T if g.size(0) > g.size(1) else g
    x = x / x.norm().clamp(min=EPSILON)
    for _ in range(STEPS):
        gram = x @ x.T
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x.T if g.size(0) > g.size(1) else x


def updates(shape):
    w = normal(*shape)
    gradients = [normal(*shape) for _ in range(4)]
    judge = torch.nn.Parameter(w.clone())
    theirs = torch.optim.Muon(
        [judge], lr=RATE, weight_decay=DECAY, momentum=MOMENTUM, nesterov=True, adjust_lr_fn="match_rms_adamw"
    )
    result = dict(shape=list(shape), start=plain(w), gradients=[plain(g) for g in gradients], weights=[])
    buffer = torch.zeros_like(w)
    for g in gradients:
        buffer.lerp_(g, 1 - MOMENTUM)
        o = orthogonalised(g.lerp(buffer, MOMENTUM))
        w = w * (1 - RATE * DECAY) - RATE * 0.2 * math.sqrt(max(shape)) * o
        result["weights"].append(plain(w))
        judge.grad = g.clone()
        theirs.step()
        assert (judge - w).abs().max() < 0.02 * RATE * math.sqrt(max(shape)), (judge - w).abs().max()
    result["orthogonalised"] = plain(orthogonalised(gradients[0]))
    result["momentum"] = plain(buffer)
    return result


def plain(tensor):
    return [float(f"{value:.9g}") for value in tensor.reshape(-1).tolist()]


def main(target):
    lines = [f'"made_with": {json.dumps("torch " + torch.__version__)}']
    lines += [f'"{name}": {json.dumps(updates(shape))}' for name, shape in SHAPES.items()]
    with open(target, "w") as file:
        file.write("{\n " + ",\n ".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
