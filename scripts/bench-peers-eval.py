#!/usr/bin/env python3
"""Times an evaluation's answers by this program and by transformers' generate(), on the same questions, in turns on one machine.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another), and a Python with torch and transformers (--python; by default the
one that runs this).

Ours is `distill eval`, the whole process: start, load, answer, grade, report. The peer's clock runs only while generate() does, with the
prompts that our evaluation asked, rendered by the model's own template, padded on the left, in batches of each size of --batch one after
the other; its fastest variant and size counts. Both write greedily until the end of the text or --max-new-tokens. Rates are answers and
new tokens a second. A type rounds otherwise than another, so texts differ, and with them their lengths: the rate of tokens is the fairer one.

    scripts/bench-peers-eval.py --model data/qwen2.5-0.5b --task gsm8k --data benchmarks --limit 64 --python peers/bin/python
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

RATES = ("tokens_per_s", "answers_per_s")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    peer_turns.add_common(parser)
    parser.add_argument("--task", default="gsm8k", help="as eval.tasks (default: %(default)s)")
    parser.add_argument("--data", help="as eval.data: the folder with the task's data")
    parser.add_argument("--limit", type=int, default=64, help="questions, the first ones (default: %(default)s)")
    parser.add_argument("--max-new-tokens", type=int, default=320, help="where an answer is cut (default: %(default)s)")
    parser.add_argument("--slots", type=int, default=16, help="answers that ours writes at a time (default: %(default)s)")
    parser.add_argument("--batch", default="16,32", help="rows of the peer, sizes with commas (default: %(default)s)")
    parser.add_argument("--compute", default="bfloat16,int8", help="our types, of float, bfloat16, int8 and auto (default: %(default)s)")
    parser.add_argument("--prompts", help=argparse.SUPPRESS)  # of the inner call
    args = parser.parse_args()
    args.compute = peer_turns.words(parser, "--compute", args.compute, peer_turns.COMPUTE)
    args.variants = peer_turns.words(parser, "--variants", args.variants, peer_turns.VARIANTS)
    args.batch = peer_turns.sizes(parser, "--batch", args.batch)
    return args


# ---- one turn of the peer, in a process of its own


def peer(args):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    (batch,) = args.batch
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    tokenizer = AutoTokenizer.from_pretrained(args.model, padding_side="left")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=getattr(torch, args.peer), attn_implementation="sdpa").eval()
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": text}], add_generation_prompt=True, tokenize=False)
        for text in json.loads(Path(args.prompts).read_text(encoding="utf-8"))
    ]
    ends = model.generation_config.eos_token_id
    ends = set(ends if isinstance(ends, list) else [ends])

    def answer(some):
        """The tokens of these texts' answers, their ends counted."""
        inputs = tokenizer(some, return_tensors="pt", padding=True, add_special_tokens=False)
        output = model.generate(**inputs, do_sample=False, max_new_tokens=args.max_new_tokens, pad_token_id=tokenizer.pad_token_id)
        return sum(length(row, ends) for row in output[:, inputs.input_ids.shape[1] :].tolist())

    answer(texts[:1])
    begin = time.perf_counter()
    tokens = sum(answer(texts[at : at + batch]) for at in range(0, len(texts), batch))
    seconds = time.perf_counter() - begin
    result = {"tokens_per_s": tokens / seconds, "answers_per_s": len(texts) / seconds, "tokens": tokens, "seconds": seconds}
    print(json.dumps({**result, "peak_rss_mib": peer_turns.peak_rss_mib()}))


def length(row, ends):
    return next((at + 1 for at, id in enumerate(row) if id in ends), len(row))


# ---- turns


def ours(args, compute, work):
    """One evaluation of ours in a run of its own; its figures, and its prompts for the peer."""
    run = Path(tempfile.mkdtemp(dir=work))
    program = os.environ.get("DISTILL", str(peer_turns.HERE / "distill"))
    settings = {
        "name": "bench", "eval.tasks": args.task, "eval.limit": args.limit, "eval.model": Path(args.model).absolute(),
        "eval.protocol": "greedy", "eval.max-new-tokens": args.max_new_tokens, "eval.slots": args.slots, "eval.compute": compute,
        **({"eval.data": Path(args.data).absolute()} if args.data else {}),
    }
    command = [program, "eval", "--json", "--quiet", "--dir", str(run / "run")]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    begin = time.perf_counter()
    print(f"distill {compute} ...", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"distill: ended with {done.returncode}: {' '.join(command)}\n{done.stderr[-2000:]}")
    seconds = time.perf_counter() - begin
    report = json.loads((run / "run/eval/report.json").read_text(encoding="utf-8"))
    (task,) = report["tasks"]
    (model,) = task["models"]
    tokens = model["spending"]["tokens"]
    (samples,) = (run / "run/eval/harness").glob("*/samples_*.jsonl")
    lines = samples.read_text(encoding="utf-8").splitlines()
    prompts = Path(work) / "prompts.json"
    prompts.write_text(json.dumps([json.loads(line)["arguments"]["gen_args_0"]["arg_0"] for line in lines]), encoding="utf-8")
    result = {
        "tokens_per_s": tokens / seconds, "answers_per_s": model["questions"] / seconds, "tokens": tokens, "seconds": seconds,
        "right": model["grades"]["right"], "peak_rss_mib": 0,
    }
    print(f"distill {compute}: {result['tokens_per_s']:.1f} tokens/s, {seconds:.1f} s", file=sys.stderr, flush=True)
    return result


def theirs(args, variant, batch, work):
    more = ["--batch", str(batch), "--prompts", str(Path(work) / "prompts.json"), *peer_turns.options(args, "max_new_tokens", "threads")]
    return peer_turns.peer_turn(args, f"transformers {variant} x {batch}", variant, __file__, RATES, more, work)


def main():
    args = arguments()
    if args.peer:
        peer(args)
        return
    with tempfile.TemporaryDirectory() as work:
        turns = peer_turns.in_turns(
            args.rounds,
            {f"distill {each} x {args.slots}": (lambda each=each: ours(args, each, work)) for each in args.compute},
            {
                f"transformers {variant} x {batch}": (lambda variant=variant, batch=batch: theirs(args, variant, batch, work))
                for variant in args.variants
                for batch in args.batch
            },
        )
    rows = [{name: peer_turns.summary(done, *reversed(RATES)) for name, done in side.items()} for side in turns]
    for row in rows[0].values():
        del row["peak_rss_mib"]  # of ours it is not measured
    best = max(row["tokens_per_s"] for row in rows[1].values())
    for row in rows[0].values():
        row["x_transformers"] = row["tokens_per_s"] / best
    if args.json:
        print(json.dumps({"task": args.task, "questions": args.limit, "ours": rows[0], "transformers": rows[1]}))
        return
    print(f"{args.model}, {args.limit} questions of {args.task}, at most {args.max_new_tokens} new tokens, {args.threads} threads; medians of the turns")
    print(f"{'':32}{'tokens/s':>10}{'least':>8}{'most':>8}{'answers/s':>11}{'x best':>8}")
    for name, row in [*rows[0].items(), *rows[1].items()]:
        times = f"{row['x_transformers']:.2f}" if "x_transformers" in row else ""
        print(f"{name:32}{row['tokens_per_s']:10.1f}{row['min']:8.1f}{row['max']:8.1f}{row['answers_per_s']:11.3f}{times:>8}")


if __name__ == "__main__":
    main()
