#!/usr/bin/env python3
"""Makes the numbers that the operations are compared with: what PyTorch computes in float64, forward and backward.

    python make_op_fixtures.py ../resources/dev/distill/student/ops/pytorch.json

Needs torch (2.5 or newer) and transformers. Inputs are random multiples of 1/16, which float32, float64 and a few decimals
hold exactly; results are written with nine digits. Letters as in Ops.java: N rows, C width, H query heads, K key/value
heads, D head width, F MLP width, V vocabulary, P positions, S slots.

Gradients are those of the scalar sum(y * dy), so `dx` is what a backward makes of `dy`. Where an operation adds to a
gradient, the fixture has what is added.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F
import transformers
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

torch.set_default_dtype(torch.float64)
GENERATOR = torch.Generator().manual_seed(20261124)
NO_TARGET = -1


def normal(*shape):
    """Standard normal numbers, rounded to multiples of 1/16."""
    return (torch.randn(*shape, generator=GENERATOR) * 16).round() / 16


def indices(count, below):
    return torch.randint(0, below, (count,), generator=GENERATOR)


def gradients(y, dy, *inputs):
    return torch.autograd.grad((y * dy).sum(), inputs)


def leaf(tensor):
    return tensor.clone().requires_grad_()


def linear():
    x, w, b, dy = leaf(normal(5, 19)), leaf(normal(7, 19)), leaf(normal(7)), normal(5, 7)
    y = F.linear(x, w, b)
    dx, dw, db = gradients(y, dy, x, w, b)
    return dict(x=x, w=w, b=b, dy=dy, y=y, dx=dx, dw=dw, db=db)


def rms_norm():
    x, w, dy, eps = leaf(normal(4, 19)), leaf(normal(19)), normal(4, 19), 1e-5
    y = F.rms_norm(x, (19,), w, eps)
    dx, dw = gradients(y, dy, x, w)
    return dict(eps=eps, x=x, w=w, dy=dy, y=y, dx=dx, dw=dw)


def rotary():
    """transformers' own rotation, with tables of random angles: every pair of a position has its own."""
    x, dy, positions = leaf(normal(5, 2, 20)), normal(5, 2, 20), torch.tensor([0, 1, 2, 0, 1])
    angles = normal(3, 10)
    cos, sin = angles.cos().float().double(), angles.sin().float().double()
    both = [torch.cat((table, table), -1)[positions][None] for table in (cos, sin)]  # [1, N, D]
    y = apply_rotary_pos_emb(x.transpose(0, 1)[None], x.transpose(0, 1)[None], *both)[0][0].transpose(0, 1)
    (dx,) = gradients(y, dy, x)
    return dict(positions=positions, cos=cos, sin=sin, x=x, dy=dy, y=y, dx=dx)


def mask_of(lengths):
    """[N, N]: true where row n may look at row m, that is in its own sequence and up to itself."""
    block = torch.block_diag(*[torch.ones(length, length) for length in lengths])
    return torch.tril(block).bool()


def repeated(kv, heads):
    """[N, K, D] -> [H, N, D]: each key/value head serves H / K query heads that lie side by side."""
    return kv.transpose(0, 1).repeat_interleave(heads // kv.shape[1], 0)


def attention(lengths, heads, kv_heads, width, scale):
    rows = sum(lengths)
    q, dout = leaf(normal(rows, heads, width)), normal(rows, heads, width)
    k, v = leaf(normal(rows, kv_heads, width)), leaf(normal(rows, kv_heads, width))
    mask = mask_of(lengths)
    keys, values = repeated(k, heads), repeated(v, heads)
    out = F.scaled_dot_product_attention(q.transpose(0, 1), keys, values, attn_mask=mask, scale=scale)
    out = out.transpose(0, 1)
    dq, dk, dv = gradients(out, dout, q, k, v)
    scores = scale * torch.einsum("nhd,hmd->nhm", q, keys)
    lse = scores.masked_fill(~mask[:, None], -math.inf).logsumexp(-1)
    inputs = dict(lengths=torch.tensor(lengths), scale=scale, q=q, k=k, v=v, dout=dout)
    return dict(inputs, out=out, lse=lse, dq=dq, dk=dk, dv=dv)


def cache_attention():
    """One new token against the filled part of a cache's slot [S, P, K, D]."""
    slots, lengths, heads, scale = [1, 0], [4, 1], 4, 0.375
    q, k, v = normal(2, heads, 18), normal(2, 4, 2, 18), normal(2, 4, 2, 18)
    rows = []
    for b, (slot, length) in enumerate(zip(slots, lengths)):
        keys, values = repeated(k[slot, :length], heads), repeated(v[slot, :length], heads)
        rows.append(F.scaled_dot_product_attention(q[b][:, None], keys, values, scale=scale)[:, 0])
    inputs = dict(slots=torch.tensor(slots), lengths=torch.tensor(lengths), scale=scale, q=q, k=k, v=v)
    return dict(inputs, out=torch.stack(rows))


def swiglu():
    gate, up, dy = leaf(4 * normal(2, 37)), leaf(normal(2, 37)), normal(2, 37)
    y = F.silu(gate) * up
    dgate, dup = gradients(y, dy, gate, up)
    return dict(gate=gate, up=up, dy=dy, y=y, dgate=dgate, dup=dup)


def embedding():
    table, ids, dy = leaf(normal(6, 19)), indices(9, 6), normal(9, 19)
    y = F.embedding(ids, table)
    (dtable,) = gradients(y, dy, table)
    return dict(ids=ids, table=table, dy=dy, y=y, dtable=dtable)


def cross_entropy():
    x, w, targets, dloss = leaf(normal(5, 19)), leaf(normal(18, 19)), indices(5, 18), 0.25
    targets[2] = NO_TARGET
    loss = F.cross_entropy(F.linear(x, w), targets, reduction="none", ignore_index=NO_TARGET)
    dx, dw = gradients(loss, dloss, x, w)
    return dict(dloss=dloss, targets=targets, x=x, w=w, loss=loss, dx=dx, dw=dw)


def softmax():
    x, alpha = 8 * normal(3, 21), 1.25
    return dict(alpha=alpha, x=x, y=F.softmax(alpha * x, -1), log_y=F.log_softmax(alpha * x, -1))


def adamw():
    """Four updates of a matrix, which decays, and a vector, which does not; a global norm above 5 is clipped."""
    settings = dict(learning_rate=2**-7, beta1=0.875, beta2=0.9375, epsilon=1e-8, weight_decay=0.125, clip=5.0)
    matrix, vector = leaf(normal(3, 7)), leaf(normal(5))
    result = dict(settings, matrix=matrix.detach().clone(), vector=vector.detach().clone())
    groups = [dict(params=[matrix], weight_decay=settings["weight_decay"]), dict(params=[vector], weight_decay=0.0)]
    betas = (settings["beta1"], settings["beta2"])
    optimizer = torch.optim.AdamW(groups, lr=settings["learning_rate"], betas=betas, eps=settings["epsilon"])
    norms = []
    for step, scale in enumerate((1, 2, 0.5, 0.25)):
        matrix.grad, vector.grad = scale * normal(3, 7), scale * normal(5)
        result[f"dmatrix{step}"], result[f"dvector{step}"] = matrix.grad.clone(), vector.grad.clone()
        norms.append(torch.nn.utils.clip_grad_norm_([matrix, vector], settings["clip"]))
        optimizer.step()
        result[f"matrix{step}"], result[f"vector{step}"] = matrix.detach().clone(), vector.detach().clone()
    result["norms"] = torch.stack(norms)
    result["matrix_moment1"] = optimizer.state[matrix]["exp_avg"]
    result["matrix_moment2"] = optimizer.state[matrix]["exp_avg_sq"]
    return result


def plain(value):
    """A tensor as its shape and its numbers, row-major."""
    if not isinstance(value, torch.Tensor):
        return value
    flat = value.detach().reshape(-1).tolist()
    return dict(shape=list(value.shape), values=[v if isinstance(v, int) else float(f"{v + 0.0:.9g}") for v in flat])


def main(target):
    operations = dict(
        linear=linear(),
        rms_norm=rms_norm(),
        rotary=rotary(),
        packed_attention=attention([1, 4, 2], 2, 1, 18, 0.25),
        plain_attention=attention([5], 4, 2, 6, 0.375),
        cache_attention=cache_attention(),
        swiglu=swiglu(),
        embedding=embedding(),
        cross_entropy=cross_entropy(),
        softmax=softmax(),
        adamw=adamw(),
    )
    lines = [f'"made_with": {json.dumps(f"torch {torch.__version__}, transformers {transformers.__version__}")}']
    for name, fields in operations.items():
        rows = [f"{json.dumps(key)}: {json.dumps(plain(value))}" for key, value in fields.items()]
        lines.append(f"{json.dumps(name)}: {{\n  " + ",\n  ".join(rows) + "\n }")
    with open(target, "w") as file:
        file.write("{\n " + ",\n ".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
