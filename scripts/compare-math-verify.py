#!/usr/bin/env python3
"""Grades the answers of evaluations by Math-Verify too, and shows where the two graders differ.

Needs a Python with `math-verify`, and runs whose evaluation is done and graded as mathematics. Each line of the output is one answer that one
of the two takes for right and the other does not: run, question's id, reference, our grade and answer, what Math-Verify read, the end of the
text. --blind FILE also writes them as JSON without who said what, for somebody to judge. The counts stand at the end.

    scripts/compare-math-verify.py runs/gsm8k runs/math-500 --blind judge.json
"""

import argparse
import collections
import json
import logging
import sys
from pathlib import Path


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", metavar="RUN", help="folder of a run that has been evaluated")
    parser.add_argument("--blind", metavar="FILE", help="where the answers they differ on go, without their verdicts")
    return parser.parse_args()


def answers(run):
    """Id, question, reference, text, our grade and our answer of each sample of the last model of each task."""
    folder = Path(run) / "eval"
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"{run}: has no eval/report.json; is its evaluation done?")
    for task in report["tasks"]:
        if task["grading"] != "math":
            continue
        model = task["models"][-1]
        graded = {each["id"]: each["samples"] for each in model["by_question"]}
        (file,) = [f for f in folder.glob(f"harness/*/samples_{task['task']}_*.jsonl") if f.parent.name == model["model"]]
        for line in file.read_text(encoding="utf-8").splitlines():
            sample = json.loads(line)
            for text, ours in zip(sample["resps"][0], graded[sample["doc"]["id"]]):
                yield sample["doc"]["id"], sample["doc"]["question"], sample["target"], text, ours["grade"], ours["answer"]


def main():
    args = arguments()
    logging.disable(logging.CRITICAL)
    from math_verify import parse, verify

    counts, blind = collections.Counter(), []
    for run in args.runs:
        for id, question, reference, text, grade, answer in answers(run):
            read = parse(text)
            theirs = verify(parse(f"${reference}$"), read)
            counts[grade, theirs] += 1
            if (grade == "right") != theirs:
                print(f"{run} {id} reference {reference!r}: ours {grade} {answer!r}, Math-Verify {theirs} {str(read[-1:])}: ... {text[-120:]!r}")
                blind.append({"question": question, "reference": reference, "reply": text})
    if args.blind:
        Path(args.blind).write_text(json.dumps(blind, indent=1, ensure_ascii=False), encoding="utf-8")
    for (grade, theirs), count in sorted(counts.items()):
        print(f"{count:7} ours {grade}, Math-Verify {'right' if theirs else 'not right'}")
    print(f"{len(blind)} of {sum(counts.values())} differ")


if __name__ == "__main__":
    main()
