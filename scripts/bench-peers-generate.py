#!/usr/bin/env python3
"""Times generation by this program, by Hugging Face transformers and by llama.cpp in turns, on one machine.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another), and a Python with torch, transformers 4.56 or newer
and, for --gguf, llama-cpp-python (--python; by default the one that runs this).

Each turn is a process of its own: our first type, transformers' first variant, the first GGUF file, our second type, and so on for
--rounds rounds and then for the next size of the batch, so that whatever else the machine does slows all. All write greedily, from
prompts of random tokens, to a fixed length; a turn has a warm-up (ours five: Java compiles meanwhile) and gives the medians of --repeats times. Reading the prompts
(prefill) ends when every row has its first token, the others are decoded. What is compared is the median of the turns; ours with the
fastest of transformers' variants and of the GGUF files. A GGUF file has fewer bits a weight than the model, or others: it is
beside the same model only if it was made of it, and of our types only int8 reads as few.

transformers reads all prompts in one pass and decodes with its usual cache; llama.cpp gets each row as a sequence of its own. The peers get tcmalloc (Debian: libtcmalloc-minimal4) where it is found: torch is faster with it.

    scripts/bench-peers-generate.py --model data/smollm2-135m --batch 1,4,8,16 --python peers/bin/python --gguf smollm2-Q8_0.gguf
    scripts/bench-peers-generate.py --model qwen2.5-0.5b --work /tmp/shapes --compute int8 --variants bfloat16 --batch 1
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

RATES = ("prefill_tokens_per_s", "decode_tokens_per_s")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    peer_turns.add_common(parser)
    parser.add_argument("--gguf", action="append", default=[], metavar="FILE", help="for llama.cpp; may be repeated (default: none)")
    parser.add_argument("--batch", default="1", help="rows at a time, sizes with commas (default: %(default)s)")
    parser.add_argument("--prompt-tokens", type=int, default=512, help="of each prompt (default: %(default)s)")
    parser.add_argument("--new-tokens", type=int, default=128, help="written to each, at least 2 (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="times of a turn that count (default: %(default)s)")
    parser.add_argument("--compute", default="bfloat16,int8", help="our types, of float, bfloat16, int8 and auto (default: %(default)s)")
    args = parser.parse_args()
    args.compute = peer_turns.words(parser, "--compute", args.compute, peer_turns.COMPUTE)
    args.variants = peer_turns.words(parser, "--variants", args.variants, peer_turns.VARIANTS)
    args.batch = peer_turns.sizes(parser, "--batch", args.batch)
    if args.new_tokens < 2:
        parser.error(f"--new-tokens: must be at least 2, the first comes from the prompt; got {args.new_tokens}")
    missing = [file for file in args.gguf if not Path(file).is_file()]
    if missing:
        parser.error(f"--gguf: no such file: {', '.join(missing)}")
    return args


# ---- one turn of a peer, in a process of its own


def peer(args):
    (batch,) = args.batch
    engine = Transformers if args.peer in peer_turns.VARIANTS else LlamaCpp
    model = engine(args, batch)
    times = []
    for _ in range(1 + args.repeats):
        begin = time.perf_counter()
        model.prefill()
        prefilled = time.perf_counter()
        for _ in range(args.new_tokens - 1):
            model.decode()
        times.append((prefilled - begin, time.perf_counter() - prefilled))
    prefill, decode = (statistics.median(each) for each in zip(*times[1:]))
    result = (batch * args.prompt_tokens / prefill, batch * (args.new_tokens - 1) / decode)
    print(json.dumps({**dict(zip(RATES, result)), "peak_rss_mib": peer_turns.peak_rss_mib()}))


class Transformers:
    """The loop of generate() without what it does for others: no masks, no criteria; greedy."""

    def __init__(self, args, batch):
        import torch
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(args.threads)
        torch.set_grad_enabled(False)
        self.model = AutoModelForCausalLM.from_pretrained(
            args.model, dtype=getattr(torch, args.peer), attn_implementation="sdpa"
        ).eval()
        random = torch.Generator().manual_seed(0)
        self.prompts = torch.randint(0, self.model.config.vocab_size, (batch, args.prompt_tokens), generator=random)

    def prefill(self):
        self.cache = None
        self.step(self.prompts)

    def decode(self):
        self.step(self.ids)

    def step(self, ids):
        done = self.model(input_ids=ids, past_key_values=self.cache, use_cache=True, logits_to_keep=1)
        self.cache = done.past_key_values
        self.ids = done.logits[:, -1].argmax(-1, keepdim=True)


class LlamaCpp:
    """llama.cpp's own functions, as its wrapper in Python decodes one row only."""

    def __init__(self, args, batch):
        import random

        import llama_cpp
        import numpy

        self.llama, self.numpy, self.rows = llama_cpp, numpy, batch
        llama_cpp.llama_backend_init()
        self.quiet = llama_cpp.llama_log_callback(lambda *_: None)  # kept: the library calls it later
        llama_cpp.llama_log_set(self.quiet, None)
        self.model = llama_cpp.llama_model_load_from_file(args.peer.encode(), llama_cpp.llama_model_default_params())
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = batch * (args.prompt_tokens + args.new_tokens)
        settings.n_batch = batch * args.prompt_tokens
        settings.n_seq_max = batch
        settings.n_threads = settings.n_threads_batch = args.threads
        self.context = self.model and llama_cpp.llama_init_from_model(self.model, settings)
        if not self.context:
            sys.exit(f"llama.cpp does not load {args.peer}")
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        chance = random.Random(0)
        self.prompts = [[chance.randrange(self.vocabulary) for _ in range(args.prompt_tokens)] for _ in range(batch)]
        self.batch = llama_cpp.llama_batch_init(batch * args.prompt_tokens, 0, 1)

    def prefill(self):
        self.llama.llama_memory_clear(self.llama.llama_get_memory(self.context), True)
        self.length = 0
        self.step(self.prompts)

    def decode(self):
        self.step([[id] for id in self.ids])

    def step(self, ids):
        """Each row's ids behind what it has; the likeliest next id of each."""
        batch, at, last = self.batch, 0, []
        for row, more in enumerate(ids):
            for offset, id in enumerate(more):
                batch.token[at], batch.pos[at] = id, self.length + offset
                batch.n_seq_id[at], batch.seq_id[at][0] = 1, row
                batch.logits[at] = offset == len(more) - 1
                at += 1
            last.append(at - 1)
        batch.n_tokens = at
        if self.llama.llama_decode(self.context, batch) != 0:
            sys.exit("llama.cpp: llama_decode failed")
        self.length += len(ids[0])
        logits = (self.llama.llama_get_logits_ith(self.context, place) for place in last)
        self.ids = [int(self.numpy.ctypeslib.as_array(each, (self.vocabulary,)).argmax()) for each in logits]


# ---- turns


def measure(args, batch, work):
    """All turns with one size of the batch."""
    common = ["--batch", str(batch), *peer_turns.options(args, "prompt_tokens", "new_tokens", "repeats", "threads")]

    def ours(compute):
        return lambda: peer_turns.our_turn(args, "generate", compute, RATES, common, work)

    def theirs(who, variant):
        return lambda: peer_turns.peer_turn(args, f"{who} {Path(variant).name}", variant, __file__, RATES, common, work)

    print(f"batch {batch}", file=sys.stderr, flush=True)
    turns = peer_turns.in_turns(
        args.rounds,
        {each: ours(each) for each in args.compute},
        {each: theirs("transformers", each) for each in args.variants},
        {each: theirs("llama.cpp", each) for each in args.gguf},
    )
    sides = [{name: peer_turns.summary(each, *RATES) for name, each in side.items()} for side in turns]
    report = {"batch": batch, **dict(zip(("distill", "transformers", "llama.cpp"), sides))}
    for name, row in report["distill"].items():
        row["compute"] = turns[0][name][0]["compute"]
        for peer_name in ("transformers", "llama.cpp"):
            for rate in RATES:
                others = [each[rate] for each in report[peer_name].values()]
                if others:
                    row[f"{peer_name}_{rate.split('_')[0]}_ratio"] = row[rate] / max(others)
    return report


def table(args, reports):
    lines = [
        f"{args.model}, prompts of {args.prompt_tokens} tokens, {args.new_tokens} new ones, {args.threads} threads; tokens/s of all"
        " rows, medians of the turns; of decoding also the least and the greatest; x: ours over the fastest one's",
        f"{'batch':>5}  {'':44}{'prefill':>9}{'decode':>9}{'min':>9}{'max':>9}{'MiB':>8}"
        f"{'x transformers':>18}{'x llama.cpp':>18}",
    ]
    for report in reports:
        for who in ("distill", "transformers", "llama.cpp"):
            for name, row in report[who].items():
                label = f"{who} {row.get('compute', Path(name).name)}"
                rates = "".join(f"{row[key]:9.1f}" for key in (*RATES, "min", "max"))
                ratios = "".join(f"{ratio(row, peer_name):>18}" for peer_name in ("transformers", "llama.cpp"))
                lines.append(f"{report['batch']:>5}  {label:44}{rates}{row['peak_rss_mib']:8}{ratios}".rstrip())
    return "\n".join(lines)


def ratio(row, peer_name):
    both = [row.get(f"{peer_name}_{part}_ratio") for part in ("prefill", "decode")]
    return "" if None in both else f"{both[0]:.2f}, {both[1]:.2f}"


def main():
    args = arguments()
    if args.peer:
        peer(args)
        return
    with tempfile.TemporaryDirectory() as temporary:
        reports = [measure(args, batch, args.work or temporary) for batch in args.batch]
    if args.json:
        settings = {name: getattr(args, name) for name in ("model", "prompt_tokens", "new_tokens", "repeats", "threads")}
        print(json.dumps({**settings, "tcmalloc": peer_turns.tcmalloc(), "batches": reports}))
    else:
        print(table(args, reports))


if __name__ == "__main__":
    main()
