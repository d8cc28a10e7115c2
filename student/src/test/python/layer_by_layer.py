#!/usr/bin/env python3
"""Loss and adapter gradients of a model that is larger than memory, in float32, for LargerThanMemoryTest, which runs this.

    python layer_by_layer.py FOLDER

FOLDER/request.json: {"model": a Hugging Face folder of a Qwen 2 model with untied embeddings, in one safetensors file of
BF16, "adapter": a PEFT folder, "ids": [id, ...]}. Writes losses.json, [the mean loss of predicting each id from those before
it], and gradients.safetensors, of that mean by each factor of the adapter, named as the adapter names it.

The layers are transformers' and PEFT's own. One at a time has its weights in memory: forward from first to last, keeping
what enters each; then from last to first, each computed again with its gradients. The head counts as the last.

Needs torch, transformers, peft and safetensors.
"""

import json
import pathlib
import sys

import torch
from peft import LoraConfig, inject_adapter_in_model
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoConfig
from transformers.models.qwen2.modeling_qwen2 import Qwen2DecoderLayer, Qwen2RMSNorm, Qwen2RotaryEmbedding


class Stored:
    """A safetensors file of BF16 tensors. safe_open maps one for writing too, which Linux refuses beyond its memory."""

    def __init__(self, path):
        self.file = open(path, "rb")
        length = int.from_bytes(self.file.read(8), "little")
        self.entries = json.loads(self.file.read(length))
        self.data = 8 + length

    def rows(self, name, first=0, count=None):
        """Rows of a tensor, or all of it, in float32."""
        entry = self.entries[name]
        assert entry["dtype"] == "BF16", entry
        shape = [count or entry["shape"][0], *entry["shape"][1:]]
        row = (entry["data_offsets"][1] - entry["data_offsets"][0]) // entry["shape"][0]
        self.file.seek(self.data + entry["data_offsets"][0] + first * row)
        read = bytearray(self.file.read(shape[0] * row))
        return torch.frombuffer(read, dtype=torch.bfloat16).reshape(shape).float()


class Layers:
    def __init__(self, request):
        self.config = AutoConfig.from_pretrained(request["model"])
        self.config._attn_implementation = "sdpa"
        self.weights = Stored(pathlib.Path(request["model"]) / "model.safetensors")
        adapter = pathlib.Path(request["adapter"])
        self.lora = LoraConfig(**json.loads((adapter / "adapter_config.json").read_text()))
        self.factors = safe_open(adapter / "adapter_model.safetensors", "pt")
        self.count = self.config.num_hidden_layers
        self.positions = torch.arange(len(request["ids"]))[None]

    def weight(self, name):
        return self.weights.rows(name)

    def layer(self, index):
        """One layer with its adapter, and the adapter's factors by their stored names."""
        prefix = f"model.layers.{index}."
        with torch.device("meta"):  # numbers that would be drawn only to be overwritten
            layer = Qwen2DecoderLayer(self.config, index)
        layer.load_state_dict({name: self.weight(prefix + name) for name in layer.state_dict()}, assign=True)
        inject_adapter_in_model(self.lora, layer)
        factors = {}
        for name, parameter in layer.named_parameters():
            parameter.requires_grad = "lora_" in name
            if parameter.requires_grad:
                stored = "base_model.model." + prefix + name.replace(".default", "")
                parameter.data = self.factors.get_tensor(stored)
                factors[stored] = parameter
        return layer, factors

    def run(self, layer, x):
        rotary = Qwen2RotaryEmbedding(self.config)(x, self.positions)
        y = layer(x, attention_mask=None, position_ids=self.positions, position_embeddings=rotary)
        return y[0] if isinstance(y, tuple) else y

    def loss(self, x, ids):
        norm = Qwen2RMSNorm(self.config.hidden_size, self.config.rms_norm_eps)
        norm.weight.data = self.weight("model.norm.weight")
        logits = norm(x)[:, :-1] @ self.weight("lm_head.weight").T
        return torch.nn.functional.cross_entropy(logits[0], ids[0, 1:])


def main(folder):
    request = json.loads((folder / "request.json").read_text())
    layers = Layers(request)
    ids = torch.tensor([request["ids"]])
    rows = [layers.weights.rows("model.embed_tokens.weight", id, 1) for id in request["ids"]]
    inputs = [torch.cat(rows)[None]]
    with torch.no_grad():
        for index in range(layers.count):
            inputs.append(layers.run(layers.layer(index)[0], inputs[-1]))
    x = inputs.pop().requires_grad_()
    loss = layers.loss(x, ids)
    loss.backward()
    gradient, gradients = x.grad, {}
    for index in reversed(range(layers.count)):
        layer, factors = layers.layer(index)
        x = inputs.pop().requires_grad_()
        layers.run(layer, x).backward(gradient)
        gradient = x.grad
        gradients.update({name: factor.grad for name, factor in factors.items()})
    (folder / "losses.json").write_text(json.dumps([loss.item()]))
    save_file(gradients, folder / "gradients.safetensors")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
