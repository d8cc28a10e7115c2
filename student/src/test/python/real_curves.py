#!/usr/bin/env python3
"""The losses of a training run in transformers, PEFT, torch and bitsandbytes, for RealCurvesTest, which runs this.

    python real_curves.py FOLDER

FOLDER/request.json says what: {"model": a Hugging Face folder} and either

    {"texts": [text, ...]}: writes ids.json, [[id, ...], ...]
    {"steps": [[[id, ...], ...], ...], "learning_rates": one a step, "betas", "epsilon", "clip_norm", "adapter": a PEFT
    folder or null, "four_bits", "eight_bit_adamw", "bfloat16": booleans}: writes losses.json, the mean loss of each step
    before its update

Every text of a step is a sequence of its own; their losses are summed over tokens and divided by the step's count. "bfloat16"
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


def losses(request):
    model = load(request)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    adamw = optimizer(request, trained)
    for texts, rate in zip(request["steps"], request["learning_rates"]):
        adamw.zero_grad()
        count = sum(len(text) - 1 for text in texts)
        total = 0.0
        for text in texts:
            if len(text) < 2:
                continue
            ids = torch.tensor([text])
            with torch.autocast("cpu", torch.bfloat16, enabled=request["bfloat16"]):
                logits = model(input_ids=ids).logits
            loss = torch.nn.functional.cross_entropy(logits[0, :-1].float(), ids[0, 1:], reduction="sum") / count
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(trained, request["clip_norm"])
        for group in adamw.param_groups:
            group["lr"] = rate
        adamw.step()
        yield total


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
