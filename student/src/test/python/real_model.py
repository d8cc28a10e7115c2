#!/usr/bin/env python3
"""What transformers, PEFT and torch compute with a real model, for RealModelLogitsTest and RealModelStepsTest, which run this.

    python real_model.py FOLDER

FOLDER/request.json says what: {"model": a Hugging Face folder} and either

    {"texts": [text, ...]}: writes ids.json, [[id, ...], ...], and three files of little-endian float32 [positions of all
    texts, V]: logits-float32.f32, logits-bfloat16.f32 of a model in that type, and logits-int8.f32 of float32 in which the
    factors of the blocks' linear layers are rounded to eight bits, weights by output and inputs by position
    {"batches": [[id, ...], ...], "learning_rate", "betas", "epsilon", "adapter": a PEFT folder or null}: trains in float32
    on one batch a step, everything or the adapter alone, and writes losses.json, the mean loss of each step before its update

Needs torch, transformers and, for adapters, peft.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(path, dtype):
    model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype).eval()
    model.config.use_cache = False
    return model


def rounded(x):
    scale = x.abs().amax(dim=-1, keepdim=True).clamp(min=1e-30) / 127
    return torch.round(x / scale) * scale


def round_linear_layers(model):
    for name, layer in model.named_modules():
        if isinstance(layer, torch.nn.Linear) and name != "lm_head":
            layer.weight.data = rounded(layer.weight.data)
            layer.register_forward_pre_hook(lambda _, inputs: (rounded(inputs[0]),))


def write_logits(folder, request):
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in request["texts"]]
    (folder / "ids.json").write_text(json.dumps(ids))
    for name in "float32", "bfloat16", "int8":
        model = load(request["model"], torch.bfloat16 if name == "bfloat16" else torch.float32)
        if name == "int8":
            round_linear_layers(model)
        with torch.no_grad(), open(folder / f"logits-{name}.f32", "wb") as file:
            for sequence in ids:
                file.write(model(torch.tensor([sequence])).logits[0].float().numpy().astype("<f4").tobytes())


def write_losses(folder, request):
    model = load(request["model"], torch.float32)
    if request["adapter"]:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, request["adapter"], is_trainable=True)
    model.train()  # neither the models nor the adapters have any dropout
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=request["learning_rate"], betas=request["betas"], eps=request["epsilon"], weight_decay=0.0
    )
    losses = []
    for batch in request["batches"]:
        ids = torch.tensor([batch])
        loss = model(input_ids=ids, labels=ids).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    (folder / "losses.json").write_text(json.dumps(losses))


def main(folder):
    request = json.loads((folder / "request.json").read_text())
    if "texts" in request:
        write_logits(folder, request)
    else:
        write_losses(folder, request)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
