#!/usr/bin/env python3
"""What transformers, PEFT and torch compute with a real model in float32, for RealModelParityTest, which runs this.

    python real_model.py FOLDER

FOLDER/request.json says what: {"model": a Hugging Face folder} and either

    {"texts": [text, ...]}: writes ids.json, [[id, ...], ...], and logits.f32, little-endian float32 [positions of all texts, V]
    {"batches": [[id, ...], ...], "learning_rate", "betas", "epsilon", "adapter": a PEFT folder or null}: trains on one
    batch a step, everything or the adapter alone, and writes losses.json, the mean loss of each step before its update

Needs torch, transformers and, for adapters, peft.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def write_logits(folder, model, request):
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in request["texts"]]
    (folder / "ids.json").write_text(json.dumps(ids))
    with torch.no_grad(), open(folder / "logits.f32", "wb") as file:
        for sequence in ids:
            file.write(model(torch.tensor([sequence])).logits[0].numpy().astype("<f4").tobytes())


def write_losses(folder, model, request):
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
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
    model.config.use_cache = False
    if "texts" in request:
        write_logits(folder, model, request)
    else:
        write_losses(folder, model, request)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
