#!/usr/bin/env python3
"""Compares a model as this program computes it with the same model in Hugging Face transformers.

Needs Python 3.10 or newer with torch, transformers 4.46 or newer, safetensors, and for --adapter also peft; and
scripts/distill beside this file (DISTILL=PROGRAM names another). Both sides compute in FLOAT.

For each prompt, rendered with the model's chat template where it has one: are the token ids the same, how far is the
furthest logit, and is the text the same that both write greedily? Exit code 0 if all agree, 1 if not.

    scripts/compare-transformers.py --model runs/gsm8k-smollm2/export --prompts test.jsonl --limit 8
    scripts/compare-transformers.py --model docs/recipes/data/smollm2-135m --adapter runs/gsm8k-smollm2/export/adapter \\
        --prompts test.jsonl --limit 8
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description="Compares a model's logits and greedy text with transformers'.")
    parser.add_argument("--model", required=True, type=Path, help="Hugging Face folder: an export, or an adapter's base")
    parser.add_argument("--adapter", type=Path, help="PEFT folder to apply to the model, unmerged")
    parser.add_argument("--prompts", required=True, type=Path, help='JSON lines with "question", "problem" or "prompt"')
    parser.add_argument("--limit", type=int, default=8, help="prompts to compare (default: %(default)s)")
    parser.add_argument("--new-tokens", type=int, default=48, help="of each greedy text (default: %(default)s)")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="largest difference of a logit (default: %(default)s)")
    return parser.parse_args()


def questions(file, limit):
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line) if line.strip() else {}
        text = record.get("question") or record.get("problem") or record.get("prompt")
        if isinstance(text, str):
            found.append(text)
    if not found:
        sys.exit(f"{file}: no line has a question, problem or prompt")
    return found[:limit]


def write_lines(file, records):
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def distill(command, args, *more):
    program = os.environ.get("DISTILL", str(HERE / "distill"))
    model = ["--model", str(args.model)] + (["--adapter", str(args.adapter)] if args.adapter else [])
    done = subprocess.run([program, command, "--quiet", *model, *map(str, more)], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def our_logits(args, texts, work):
    """The ids and the logits [tokens, vocabulary] of each text."""
    write_lines(work / "texts.jsonl", [{"text": text} for text in texts])
    distill("score", args, "--input", work / "texts.jsonl", "--output", work / "scores.jsonl", "--logits", work / "logits")
    ids = [json.loads(line)["ids"] for line in (work / "scores.jsonl").read_text().splitlines()]
    logits = [load_file(work / "logits" / f"{n:06d}.safetensors")["logits"] for n in range(len(texts))]
    return list(zip(ids, logits))


def our_texts(args, texts, work):
    """What follows each text greedily."""
    write_lines(work / "continue.jsonl", [{"prompt": text} for text in texts])
    out = distill("generate", args, "--prompts", work / "continue.jsonl", "--raw",
                  "--temperature", 0, "--top-p", 1, "--max-new-tokens", args.new_tokens)
    by_prompt = {record["prompt"]: record["answer"] for record in map(json.loads, out.splitlines())}
    return [by_prompt[text] for text in texts]


def their_model(args):
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32)
    if args.adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, args.adapter)
    return model.eval()


def their_text(model, tokenizer, ids, new_tokens):
    prompt = torch.tensor([ids])
    written = model.generate(input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                             temperature=None, top_p=None, top_k=None, max_new_tokens=new_tokens,
                             pad_token_id=tokenizer.eos_token_id)
    new = written[0][len(ids):].tolist()
    ends = model.generation_config.eos_token_id
    if new and new[-1] in (ends if isinstance(ends, list) else [ends]):
        new.pop()
    return tokenizer.decode(new, skip_special_tokens=False)  # --raw shows special tokens too, but for the end


def rendered(tokenizer, question):
    if tokenizer.chat_template is None:
        return question
    turn = [{"role": "user", "content": question}]
    return tokenizer.apply_chat_template(turn, add_generation_prompt=True, tokenize=False)


@torch.no_grad()
def compare(args):
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    texts = [rendered(tokenizer, question) for question in questions(args.prompts, args.limit)]
    with tempfile.TemporaryDirectory() as folder:
        ours = our_logits(args, texts, Path(folder))
        ours_written = our_texts(args, texts, Path(folder))
    model = their_model(args)
    figures = {"prompts": len(texts), "tokens": 0, "same_ids": 0, "max_logit_diff": 0.0, "largest_logit": 0.0, "same_text": 0}
    for text, (ids, logits), written in zip(texts, ours, ours_written):
        theirs = model(input_ids=torch.tensor([ids])).logits[0]
        their_written = their_text(model, tokenizer, ids, args.new_tokens)
        figures["tokens"] += len(ids)
        figures["same_ids"] += tokenizer(text, add_special_tokens=False)["input_ids"] == ids
        figures["max_logit_diff"] = max(figures["max_logit_diff"], (theirs - logits).abs().max().item())
        figures["largest_logit"] = max(figures["largest_logit"], theirs.abs().max().item())
        figures["same_text"] += written.strip() == their_written.strip()
        if written.strip() != their_written.strip():
            print(f"prompt:  {text!r}\nours:    {written!r}\ntheirs:  {their_written!r}", file=sys.stderr)
    return figures


def main():
    args = arguments()
    torch.set_num_threads(os.cpu_count() or 1)
    figures = compare(args)
    agreed = (figures["same_ids"] == figures["same_text"] == figures["prompts"]
              and figures["max_logit_diff"] <= args.tolerance)
    print(json.dumps(figures | {"tolerance": args.tolerance, "agreed": agreed}))
    sys.exit(0 if agreed else 1)


if __name__ == "__main__":
    main()
