#!/usr/bin/env python3
"""Writes tiny random models as GGUF files and, beside them, the logits that transformers and llama.cpp compute from them.

    pip install torch transformers gguf==0.19.0 llama-cpp-python
    python make_gguf_models.py ../resources/gguf

Each file is written with the gguf package's names and keys, as llama.cpp's converter does it: Llama's rows of queries and
keys in llama.cpp's order, Llama 3's frequency factors as a tensor, matrices in several types. The expected logits are
those of the same model in transformers, in float64, whose weights are what the gguf package makes of the types. That names,
order and scaling are llama.cpp's is shown by llama.cpp: its logits of the same model in F32 must agree.
"""

import json
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from gguf import MODEL_ARCH, GGMLQuantizationType, GGUFWriter, get_tensor_name_map, quants
from llama_cpp import Llama
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

SHAPE = dict(
    vocab_size=40,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=65536,
    rms_norm_eps=1e-5,
    bos_token_id=None,
    eos_token_id=7,
    pad_token_id=None,
)
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 32.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}
IDS = [3, 17, 35, 4, 4, 20, 31, 2, 37, 9, 12, 30, 1, 1, 5, 33, 6, 19, 28, 22]
T = GGMLQuantizationType
TYPES = [T.Q8_0, T.BF16, T.F16, T.Q4_0, T.F32, T.Q5_1]
MODELS = {
    "llama": (
        MODEL_ARCH.LLAMA,
        lambda: LlamaForCausalLM(
            LlamaConfig(**SHAPE, rope_scaling=dict(LLAMA3), rope_theta=500000.0, tie_word_embeddings=True)
        ),
    ),
    "qwen2": (
        MODEL_ARCH.QWEN2,
        lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, rope_scaling=dict(YARN), tie_word_embeddings=False)),
    ),
    "qwen3": (
        MODEL_ARCH.QWEN3,
        lambda: Qwen3ForCausalLM(Qwen3Config(**SHAPE, head_dim=16, rope_theta=1e6, tie_word_embeddings=False)),
    ),
}


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.1 * noise if "norm" in name else 0.15 * noise)


def permuted(weight, heads):
    """From halves of a head to neighbours."""
    shape = weight.shape
    return weight.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def llama3_factors(config):
    """What each frequency is divided by."""
    scaling = config.rope_parameters
    factors = []
    for i in range(0, config.head_dim, 2):
        turns = scaling["original_max_position_embeddings"] / (2 * math.pi * scaling["rope_theta"] ** (i / config.head_dim))
        kept = (turns - scaling["low_freq_factor"]) / (scaling["high_freq_factor"] - scaling["low_freq_factor"])
        kept = min(max(kept, 0), 1)
        factors.append(1 / ((1 - kept) / scaling["factor"] + kept))
    return np.array(factors, np.float32)


def write_metadata(writer, config):
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_rope_dimension_count(head_dim)
    writer.add_vocab_size(config.vocab_size)
    if config.model_type == "qwen3":
        writer.add_key_length(head_dim)
        writer.add_value_length(head_dim)
    if config.rope_parameters["rope_type"] == "yarn":
        writer.add_string(f"{writer.arch}.rope.scaling.type", "yarn")
        writer.add_rope_scaling_factor(config.rope_parameters["factor"])
        writer.add_rope_scaling_orig_ctx_len(config.rope_parameters["original_max_position_embeddings"])
    writer.add_tokenizer_model("none")
    writer.add_eos_token_id(config.eos_token_id)


def write(path, arch, model, types):
    """Writes the file, and puts what its types make of the weights into the model."""
    config = model.config
    names = get_tensor_name_map(arch, config.num_hidden_layers)
    writer = GGUFWriter(path, config.model_type)
    write_metadata(writer, config)
    matrices = 0
    for name, parameter in model.named_parameters():
        weight = parameter.detach().numpy().astype(np.float32)
        reordered = config.model_type == "llama" and ("q_proj" in name or "k_proj" in name)
        heads = config.num_attention_heads if "q_proj" in name else config.num_key_value_heads
        stored = permuted(weight, heads) if reordered else weight
        kind = T.F32
        if weight.ndim == 2:
            kind = types[matrices % len(types)]
            matrices += 1
        raw = quants.quantize(stored, kind)
        writer.add_tensor(names.get_name(name, (".weight", ".bias")), raw, raw_dtype=kind)
        wide = quants.dequantize(raw, kind)
        if reordered:  # the way back
            wide = wide.reshape(heads, -1, 2, wide.shape[1]).swapaxes(1, 2).reshape(weight.shape)
        parameter.data = torch.from_numpy(np.ascontiguousarray(wide))
    if config.rope_parameters["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(config))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def llama_cpp_logits(path):
    model = Llama(str(path), n_ctx=64, logits_all=True, verbose=False)
    model.eval(IDS)
    return np.array(model.scores[: len(IDS)])


def logits(model):
    with torch.no_grad():
        return model(torch.tensor([IDS])).logits[0].numpy()


def main(out):
    for seed, (name, (arch, make)) in enumerate(MODELS.items()):
        model = make().float().eval()
        randomise(model, seed)
        with tempfile.TemporaryDirectory() as folder:
            model.config.save_pretrained(folder)
            config = json.loads((Path(folder) / "config.json").read_text())
            plain = Path(folder) / "plain.gguf"
            write(plain, arch, model, [T.F32])
            expected = logits(model)
            difference = np.abs(expected - llama_cpp_logits(plain)).max() / np.abs(expected).max()
        print(f"{name}: llama.cpp differs by {difference:.1e} of the largest logit")
        assert difference < 1e-3  # its cache is F16
        write(out / f"{name}.gguf", arch, model, TYPES)
        last = [float(f"{v:.9g}") for v in logits(model.double())[-1]]
        (out / f"{name}.json").write_text(json.dumps({"config": config, "ids": IDS, "logits": last}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
