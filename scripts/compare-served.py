#!/usr/bin/env python3
"""Asks a server what an evaluation has asked, through the openai package, and counts the answers that are the same text.

Needs a Python with `openai`, a finished evaluation in which the answers were written greedily (eval.protocol: greedy), and `distill serve` of the
same model with the same --compute. Every difference is shown with the place where it begins; with any the exit code is 1.

    scripts/distill serve --model data/qwen2.5-0.5b --compute int8 --port 8080 &
    scripts/compare-served.py --run runs/gsm8k --url http://127.0.0.1:8080/v1 --model qwen2.5-0.5b --limit 100
"""

import argparse
import concurrent.futures
import json
import os
import sys
import time
from pathlib import Path


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, help="folder of the run that has been evaluated")
    parser.add_argument("--url", required=True, help="of the server, with /v1")
    parser.add_argument("--model", required=True, help="the model's name there")
    parser.add_argument("--limit", type=int, default=0, help="questions, the first ones; 0 for all (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=16, help="requests at a time (default: %(default)s)")
    parser.add_argument("--key-env", default="DISTILL_SERVE_KEY", help="variable with the server's key, where it wants one (default: %(default)s)")
    return parser.parse_args()


def asked(run, limit):
    """Question, answer and longest answer in tokens, of each sample that the evaluation has written down for other harnesses."""
    files = sorted((Path(run) / "eval/harness").glob("*/samples_*.jsonl"))
    if not files:
        sys.exit(f"--run: {run} has no eval/harness/*/samples_*.jsonl; is the evaluation done?")
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        for sample in (json.loads(line) for line in (lines[:limit] if limit else lines)):
            request = sample["arguments"]["gen_args_0"]
            if request["arg_1"]["temperature"] != 0:
                sys.exit(f"{file}: was sampled at temperature {request['arg_1']['temperature']}; only greedy answers can be compared")
            yield request["arg_0"], sample["resps"][0][0], request["arg_1"]["max_gen_toks"]


def main():
    args = arguments()
    from openai import OpenAI

    client = OpenAI(base_url=args.url, api_key=os.environ.get(args.key_env, "none"), max_retries=5, timeout=600)

    def ask(sample):
        question, answer, most = sample
        reply = client.chat.completions.create(
            model=args.model, messages=[{"role": "user", "content": question}], temperature=0, max_tokens=most
        )
        return answer, reply.choices[0].message.content or "", reply.usage.completion_tokens

    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(args.clients) as pool:
        answers = list(pool.map(ask, asked(args.run, args.limit)))
    seconds = time.perf_counter() - begin
    other = [(mine, theirs) for mine, theirs, _ in answers if mine != theirs]
    for mine, theirs in other:
        at = next((i for i, (a, b) in enumerate(zip(mine, theirs)) if a != b), min(len(mine), len(theirs)))
        print(f"differs at character {at}: {mine[at : at + 60]!r} evaluated, {theirs[at : at + 60]!r} served")
    tokens = sum(count for _, _, count in answers)
    print(f"{len(answers) - len(other)} of {len(answers)} answers are the same text; {tokens} tokens in {seconds:.1f} s, {tokens / seconds:.1f} tokens/s")
    sys.exit(1 if other else 0)


if __name__ == "__main__":
    main()
