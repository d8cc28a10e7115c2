#!/usr/bin/env python3
"""The losses of a training run in transformers, PEFT, torch and bitsandbytes, for RealCurvesTest, which runs this.

    python real_curves.py FOLDER

FOLDER/request.json says what: {"model": a Hugging Face folder} and either

    {"texts": [text, ...]}: writes ids.json, [[id, ...], ...]
    {"steps": [[[id, ...], ...], ...], "learning_rates": one a step, "betas", "epsilon", "clip_norm", "adapter": a PEFT
    folder or null, "four_bits", "eight_bit_adamw", "bfloat16": booleans}: writes losses.json, the mean loss of each step
    before its update

The texts of a step lie in one row, with positions from 0 in each and a mask that keeps each to itself. "bfloat16"
is torch's autocast over float32 weights. "four_bits" is NF4 with double quantisation of all linear layers but the head.

Needs torch, transformers, peft and, for four and eight bits, bitsandbytes.
"""

import json
import os
import pathlib
import sys

os.environ["TORCHDYNAMO_DISABLE"] = "1"

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig  # noqa: E402


NO_LABEL = -100


def load(request):
    quantization = None
    if request["four_bits"]:
        quantization = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16 if request["bfloat16"] else torch.float32,
        )
    model = AutoModelForCausalLM.from_pretrained(
        request["model"], dtype=torch.float32, quantization_config=quantization
    )
    model.config.use_cache = False
    if request["adapter"]:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, request["adapter"], is_trainable=True)
    return model.train()  # neither the models nor the adapters have any dropout


def optimizer(request, trained):
    rule = torch.optim.AdamW
    if request["eight_bit_adamw"]:
        from bitsandbytes.optim import AdamW8bit as rule
    return rule(trained, lr=0.0, betas=tuple(request["betas"]), eps=request["epsilon"], weight_decay=0.0)


def packed(texts):
    """One row of all texts: ids and positions [1, T], labels [T], and which position sees which [1, 1, T, T]."""
    lengths = torch.tensor([len(text) for text in texts])
    text = torch.repeat_interleave(torch.arange(len(texts)), lengths)
    positions = torch.cat([torch.arange(length) for length in lengths])
    ids = torch.tensor([token for text in texts for token in text])
    labels = torch.cat([torch.tensor(text[1:] + [NO_LABEL]) for text in texts])
    row = torch.arange(len(ids))
    mask = (text[:, None] == text[None, :]) & (row[:, None] >= row[None, :])
    return ids[None], positions[None], labels, mask[None, None]


def losses(request):
    model = load(request)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    adamw = optimizer(request, trained)
    for texts, rate in zip(request["steps"], request["learning_rates"]):
        adamw.zero_grad()
        ids, positions, labels, mask = packed(texts)
        with torch.autocast("cpu", torch.bfloat16, enabled=request["bfloat16"]):
            logits = model(input_ids=ids, position_ids=positions, attention_mask=mask).logits
        loss = torch.nn.functional.cross_entropy(logits[0].float(), labels, ignore_index=NO_LABEL)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, request["clip_norm"])
        for group in adamw.param_groups:
            group["lr"] = rate
        adamw.step()
        print(f"loss {loss.item():.4f} at learning rate {rate:.2e}", file=sys.stderr, flush=True)
        yield loss.item()


def main(folder):
    request = json.loads((folder / "request.json").read_text())
    if "texts" in request:
        tokenizer = AutoTokenizer.from_pretrained(request["model"])
        ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in request["texts"]]
        (folder / "ids.json").write_text(json.dumps(ids))
    else:
        (folder / "losses.json").write_text(json.dumps(list(losses(request))))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
