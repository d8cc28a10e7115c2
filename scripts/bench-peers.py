#!/usr/bin/env python3
"""Times training steps of this program and of a Hugging Face transformers (+ PEFT) loop in turns, on one machine.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another), and a Python with torch, transformers 4.56 or newer
and, for --mode lora, peft (--python; by default the one that runs this).

Each turn is a process of its own: our first type, the peer's first variant, our second type, and so on for --rounds rounds, so
that whatever else the machine does slows both. Both train on rows of random tokens of which every position but the last counts,
with AdamW (1e-5, betas 0.9 and 0.95, no decay). What is compared is the median step of each turn, and the median of the turns;
ours with the peer's fastest variant.

  float32   weights, gradients, moments and arithmetic in float32
  bfloat16  full: all of these in bfloat16; lora: a frozen base in bfloat16, adapters in float32 under autocast

The peer gets tcmalloc (Debian: libtcmalloc-minimal4) where it is found: torch is faster with it.

    scripts/bench-peers.py --model data/smollm2-135m --mode lora --seq 1024 --steps 5 --python peers/bin/python
    scripts/bench-peers.py --model qwen2.5-0.5b --work /tmp/shapes --mode full --seq 512 --variants float32
"""

import argparse
import json
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

RATE = "tokens_per_s"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    peer_turns.add_common(parser)
    parser.add_argument("--mode", choices=("full", "lora"), default="lora", help="all weights, or LoRA on every linear layer")
    parser.add_argument("--seq", type=int, default=1024, help="tokens of a row (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=1, help="rows of a step (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=5, help="steps of a turn that count (default: %(default)s)")
    parser.add_argument("--warmup", type=int, default=2, help="steps of a turn before them (default: %(default)s)")
    parser.add_argument("--rank", type=int, default=16, help="of the adapter (default: %(default)s)")
    parser.add_argument("--compute", default="auto", help="our types, of float, bfloat16, int8 and auto (default: %(default)s)")
    parser.add_argument("--memory", choices=("keep", "recompute"), default="keep", help="activations, of either side")
    args = parser.parse_args()
    args.variants = peer_turns.words(parser, "--variants", args.variants, peer_turns.VARIANTS)
    args.compute = peer_turns.words(parser, "--compute", args.compute, peer_turns.COMPUTE)
    return args


# ---- one turn of the peer, in a process of its own


def peer(args):
    """A plain loop, written as its libraries advise: fused AdamW, PyTorch's own attention, nothing copied twice."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    half = args.peer == "bfloat16"
    model = AutoModelForCausalLM.from_pretrained(
        args.model, dtype=torch.bfloat16 if half else torch.float32, attn_implementation="sdpa"
    )
    model.config.use_cache = False
    vocabulary = model.config.vocab_size
    if args.memory == "recompute":
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if args.mode == "lora":
        from peft import LoraConfig, get_peft_model

        if args.memory == "recompute":
            model.enable_input_require_grads()
        lora = LoraConfig(
            r=args.rank, lora_alpha=2 * args.rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"
        )
        model = get_peft_model(model, lora)
    model.train()
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    if args.mode == "lora":
        for weight in trained:
            weight.data = weight.data.float()
    optimizer = torch.optim.AdamW(trained, lr=1e-5, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    tokens = torch.Generator().manual_seed(0)
    seconds, losses = [], []
    for _ in range(args.warmup + args.steps):
        ids = torch.randint(0, vocabulary, (args.batch, args.seq), generator=tokens)
        begin = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=half and args.mode == "lora"):
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        seconds.append(time.perf_counter() - begin)
    print(
        json.dumps(
            {
                "tokens_per_s": args.batch * args.seq / statistics.median(seconds[args.warmup :]),
                "peak_rss_mib": peer_turns.peak_rss_mib(),
                "losses": losses[args.warmup :],
            }
        )
    )


def main():
    args = arguments()
    if args.peer:
        peer(args)
        return
    common = peer_turns.options(args, "mode", "seq", "batch", "steps", "warmup", "rank", "threads", "memory")
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or temporary

        def ours(compute):
            return lambda: peer_turns.our_turn(args, "train", compute, (RATE,), common, work)

        def theirs(variant):
            return lambda: peer_turns.peer_turn(args, f"transformers {variant}", variant, __file__, (RATE,), common, work)

        distill, transformers = peer_turns.in_turns(
            args.rounds, {each: ours(each) for each in args.compute}, {each: theirs(each) for each in args.variants}
        )
    report = {
        "model": args.model,
        "mode": args.mode,
        "seq": args.seq,
        "batch": args.batch,
        "tcmalloc": peer_turns.tcmalloc(),
        "distill": {
            compute: {**peer_turns.summary(turns, RATE), "compute": turns[0]["compute"]} for compute, turns in distill.items()
        },
        "transformers": {variant: peer_turns.summary(turns, RATE) for variant, turns in transformers.items()},
    }
    best = max(report["transformers"].values(), key=lambda each: each["tokens_per_s"])
    for mine in report["distill"].values():
        mine["ratio"] = mine["tokens_per_s"] / best["tokens_per_s"]
        mine["memory_ratio"] = mine["peak_rss_mib"] / max(1, best["peak_rss_mib"])
    if args.json:
        print(json.dumps(report))
        return
    print(f"{args.model}, {args.mode}, {args.batch} x {args.seq} tokens, {args.threads} threads; tokens/s, medians of the turns")
    print(f"{'':24}{'tokens/s':>10}{'min':>10}{'max':>10}{'peak MiB':>10}{'x best':>10}{'x memory':>10}")
    for who in ("distill", "transformers"):
        for variant, row in report[who].items():
            ratios = f"{row['ratio']:10.2f}{row['memory_ratio']:10.2f}" if "ratio" in row else ""
            numbers = f"{row['tokens_per_s']:10.1f}{row['min']:10.1f}{row['max']:10.1f}{row['peak_rss_mib']:10}{ratios}"
            print(f"{who + ' ' + row.get('compute', variant):24}{numbers}")


if __name__ == "__main__":
    main()
