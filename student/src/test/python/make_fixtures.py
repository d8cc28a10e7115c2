#!/usr/bin/env python3
"""Makes the fixtures of the student's tests: tiny random checkpoints and what transformers computes with them.

    python make_fixtures.py ../resources/dev/distill/student/model [ADAPTER ...]

With names of adapters it makes only these, over the checkpoints that are there. Needs torch, transformers (any version from 4.43 on) and peft. For each family it writes a folder with config.json,
model.safetensors (F32) and expected.json: logits of a forward pass in float64, greedy ids, and the losses of five
AdamW steps in float64. ADAPTERS are written to folders of their own, as PEFT saves them, with the same numbers and, in
trained.safetensors, what the five steps made of their weights. rope.json holds the rotary frequencies of published configurations. All numbers are rounded to nine digits.
"""

import json
import pathlib
import sys

import peft
import torch
import transformers
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

SHAPE = dict(
    vocab_size=96,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    rms_norm_eps=1e-6,
    bos_token_id=None,
    eos_token_id=0,
    pad_token_id=None,
)
SMALL = dict(SHAPE, vocab_size=97, hidden_size=16, intermediate_size=24)
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
LINEAR = {"rope_type": "linear", "factor": 4.0}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}
MODELS = {
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, tie_word_embeddings=True)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE, head_dim=16, tie_word_embeddings=False)),
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, rope_scaling=dict(LLAMA3), tie_word_embeddings=True)),
    # heads wider than width / heads, a vocabulary that no power of two divides
    "mistral": lambda: MistralForCausalLM(
        MistralConfig(**SMALL, head_dim=6, sliding_window=None, tie_word_embeddings=False)
    ),
    # every bias, as many key/value heads as query heads
    "llama-linear": lambda: LlamaForCausalLM(
        LlamaConfig(
            **dict(SMALL, num_key_value_heads=4), rope_scaling=dict(LINEAR), attention_bias=True, tie_word_embeddings=False
        )
    ),
    # the sequences are longer than the original length, the rotation has an amplitude
    "qwen2-yarn": lambda: Qwen2ForCausalLM(
        Qwen2Config(**dict(SMALL, max_position_embeddings=64), rope_scaling=dict(YARN), tie_word_embeddings=True)
    ),
}
# Rotary embeddings as published configurations state them: head width, max_position_embeddings, parameters.
ROPES = {
    "SmolLM2": (64, 8192, {"rope_type": "default", "rope_theta": 100000.0}),
    "deepseek-coder-6.7b": (128, 16384, {"rope_type": "linear", "factor": 4.0, "rope_theta": 100000.0}),
    "Llama-3.2": (
        64,
        131072,
        dict(LLAMA3, factor=32.0, original_max_position_embeddings=8192, rope_theta=500000.0),
    ),
    "Qwen2.5, 128k": (
        128,
        32768,
        {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768, "rope_theta": 1000000.0},
    ),
    "DeepSeek-V2-Lite": (
        64,
        163840,
        {
            "rope_type": "yarn",
            "factor": 40.0,
            "original_max_position_embeddings": 4096,
            "beta_fast": 32,
            "beta_slow": 1,
            "mscale": 0.707,
            "mscale_all_dim": 0.707,
            "rope_theta": 10000.0,
        },
    ),
    "one mscale above another": (
        64,
        65536,
        {
            "rope_type": "yarn",
            "factor": 16.0,
            "original_max_position_embeddings": 4096,
            "mscale": 1.0,
            "mscale_all_dim": 0.5,
            "rope_theta": 10000.0,
        },
    ),
    "gpt-oss": (
        64,
        131072,
        {
            "rope_type": "yarn",
            "factor": 32.0,
            "original_max_position_embeddings": 4096,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "truncate": False,
            "rope_theta": 150000.0,
        },
    ),
    "a stated attention factor, a head so small that both bounds meet": (
        4,
        64,
        {
            "rope_type": "yarn",
            "factor": 2.0,
            "original_max_position_embeddings": 6,
            "beta_fast": 4,
            "beta_slow": 2,
            "attention_factor": 1.5,
            "rope_theta": 10000.0,
        },
    ),
}
IDS = [3, 17, 95, 4, 4, 60, 31, 2, 77, 9, 12, 50]
BATCH = [[5, 6, 7, 8, 9, 10, 11, 12, 13, 14], [40, 30, 20, 10, 90, 80, 70, 60, 50, 45]]
LEARNING_RATE, BETAS, EPSILON, DECAY, CLIP = 1e-2, (0.9, 0.95), 1e-8, 0.1, 1.0
NEW_TOKENS = 16
RANK, ALPHA, TARGETS = 4, 6, ["q_proj", "v_proj", "o_proj", "down_proj"]
# Adapters: the checkpoint that they belong to, and what they have beside or in place of the above.
ADAPTERS = {
    "qwen2-lora": ("qwen2", {}),
    # LoRA+: B is trained at four times the learning rate
    "qwen2-lora-plus": ("qwen2", dict(plus_ratio=4)),
    "qwen2-dora": ("qwen2", dict(use_dora=True)),
    # copies of whole modules, trained beside the adapter: "norm" is the end of every norm's name
    "qwen3-saved": ("qwen3", dict(modules_to_save=["embed_tokens", "lm_head", "norm"])),
    # one copy, which is embedding and head
    "qwen2-saved": ("qwen2", dict(modules_to_save=["embed_tokens"], ensure_weight_tying=True)),
    # a rank of its own for one layer, found by the end of its name, and an alpha by a pattern
    "qwen2-rslora": (
        "qwen2",
        dict(
            use_rslora=True,
            rank_pattern={"layers.1.self_attn.q_proj": 2, "down_proj": 3},
            alpha_pattern={r"layers\.\d+\.self_attn.[vo]_proj": 3},
        ),
    ),
}


def randomise(model, seed):
    """Larger than transformers' own initialisation, so that every weight, bias and norm shows in the logits."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if "norm" in name else 0.15 * noise)


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


def greedy(model, ids):
    """Plain argmax over full forward passes: no cache that could hide a mistake."""
    ids = list(ids)
    with torch.no_grad():
        for _ in range(NEW_TOKENS):
            ids.append(int(model(torch.tensor([ids])).logits[0, -1].argmax()))
    return ids


def train(model, plus_ratio):
    """Five AdamW steps on next-token loss, decay on matrices only, clipped to a global norm of one."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    trained = [p for _, p in named]
    groups = [
        {
            "params": [p],
            "weight_decay": DECAY if p.dim() == 2 else 0.0,
            "lr": LEARNING_RATE * (plus_ratio if "lora_B" in name else 1),
        }
        for name, p in named
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=EPSILON)
    ids = torch.tensor(BATCH)
    losses, norms = [], []
    for _ in range(5):
        logits = model(ids).logits[:, :-1]
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained, CLIP)))
        optimizer.step()
        losses.append(loss.item())
    return losses, norms


def write_expected(folder, model, plus_ratio=1):
    """What the model computes, and then what training does to it."""
    model = model.double()
    with torch.no_grad():
        logits = model(torch.tensor([IDS])).logits[0]
    greedy_ids = greedy(model, IDS)
    losses, norms = train(model, plus_ratio)
    expected = {
        "made_with": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
        "ids": IDS,
        "logits": [rounded(row) for row in logits.tolist()],
        "greedy": greedy_ids,
        "batch": BATCH,
        "learning_rate": LEARNING_RATE,
        "betas": BETAS,
        "epsilon": EPSILON,
        "weight_decay": DECAY,
        "clip": CLIP,
        "losses": rounded(losses),
        "gradient_norms": rounded(norms),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def make_adapter(target, name):
    family, more = ADAPTERS[name]
    folder = target / name
    base = transformers.AutoModelForCausalLM.from_pretrained(target / family, dtype=torch.float32).eval()
    more = dict(more)
    plus_ratio = more.pop("plus_ratio", 1)
    options = dict(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM")
    model = peft.get_peft_model(base, peft.LoraConfig(**options, **more)).eval()
    generator = torch.Generator().manual_seed(99)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.requires_grad:
                noise = 0.2 * torch.randn(parameter.shape, generator=generator)
                parameter.copy_(noise if "lora_A" in key or "lora_B" in key else parameter * (1 + noise))
    model.peft_config["default"].base_model_name_or_path = None
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    write_expected(folder, model, plus_ratio)
    trained = peft.get_peft_model_state_dict(model)
    save_file({key: value.float().contiguous() for key, value in trained.items()}, folder / "trained.safetensors")


def make_ropes(file):
    """What transformers makes of each of ROPES: frequencies in radians a position, and the factor of cosine and sine."""
    ropes = []
    for name, (head_dim, positions, parameters) in ROPES.items():
        config = LlamaConfig(
            **dict(SHAPE, max_position_embeddings=positions), head_dim=head_dim, rope_parameters=dict(parameters)
        )
        if parameters["rope_type"] == "default":
            frequencies = 1 / parameters["rope_theta"] ** (torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
            amplitude = 1.0
        else:
            frequencies, amplitude = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config)
        entry = {
            "name": name,
            "head_dim": head_dim,
            "max_position_embeddings": positions,
            "rope_parameters": parameters,
            "frequencies": rounded(frequencies.tolist()),
            "amplitude": rounded([amplitude])[0],
        }
        ropes.append(json.dumps(entry))
    file.write_text("[\n" + ",\n".join(ropes) + "\n]\n")


def main(target, adapters):
    target = pathlib.Path(target)
    if not adapters:
        for seed, (name, make) in enumerate(MODELS.items()):
            folder = target / name
            folder.mkdir(parents=True, exist_ok=True)
            model = make().float().eval()
            randomise(model, seed)
            model.save_pretrained(folder, safe_serialization=True)
            (folder / "generation_config.json").unlink(missing_ok=True)
            write_expected(folder, model)
        make_ropes(target / "rope.json")
    for name in adapters or ADAPTERS:
        make_adapter(target, name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
