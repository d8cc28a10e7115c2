"""Reads a folder of shards, and an Arrow stream of the same traces, as people do: pyarrow, pandas, datasets. For PythonReadersTest.

    read_traces.py FOLDER           traces as JSON lines on stdout, one set for each reader, before each {"reader": NAME}
    read_traces.py FOLDER --write   writes what pyarrow has read again, in other encodings, into FOLDER/again-*.parquet
"""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

TEXTS = "id prompt_id reasoning answer raw_reply finish reference source teacher domain licence".split()


def plain(row):
    """A row of any reader as plain values: maps come as pairs, times as micro-seconds, missing texts as None."""
    return {
        **{name: text(row[name]) for name in TEXTS},
        "sample": int(row["sample"]),
        "attempts": int(row["attempts"]),
        "messages": [[each["role"], each["content"]] for each in row["messages"]],
        "verdicts": [[each["by"], each["outcome"], each["reason"]] for each in row["verdicts"]],
        **{name: pairs(row[name]) for name in ("parameters", "extra") if name in row},
        "usage": [int(row["usage"][each]) for each in ("prompt_tokens", "cache_hit_tokens", "completion_tokens", "reasoning_tokens")],
        "cost": [row["cost"]["amount"], row["cost"]["currency"]],
        "completed_at": micros(row["completed_at"]),
    }


def text(value):
    return value if isinstance(value, str) else None  # pandas has NaN for what is missing


def pairs(value):
    entries = value.items() if isinstance(value, dict) else value
    return sorted([each["key"], each["value"]] if isinstance(each, dict) else list(each) for each in entries)


def micros(value):
    import datetime

    seconds = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    return (seconds - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1)


def say(reader, rows):
    print(json.dumps({"reader": reader}))
    for row in rows:
        print(json.dumps(plain(row)))


def main():
    folder = Path(sys.argv[1])
    files = sorted(str(file) for file in folder.glob("traces-*.parquet"))
    table = pa.concat_tables(pq.read_table(file, page_checksum_verification=True) for file in files)
    if "--write" in sys.argv:
        pq.write_table(table, folder / "again-plain.parquet", compression="none", use_dictionary=False)
        pq.write_table(table, folder / "again-pages2.parquet", compression="zstd", data_page_version="2.0", row_group_size=50)
        delta = {"id": "DELTA_BYTE_ARRAY", "answer": "DELTA_LENGTH_BYTE_ARRAY", "sample": "DELTA_BINARY_PACKED"}
        pq.write_table(table, folder / "again-delta.parquet", compression="zstd", use_dictionary=False, column_encoding=delta)
        return
    say("pyarrow", table.to_pylist())
    with pa.ipc.open_stream(folder / "traces.arrows") as stream:
        say("pyarrow stream", stream.read_all().to_pylist())
    import pandas

    frames = pandas.concat([pandas.read_parquet(file) for file in files])
    say("pandas", (row for _, row in frames.iterrows()))
    import datasets

    datasets.disable_progress_bars()
    known = [field.name for field in table.schema if not pa.types.is_map(field.type)]  # it has no maps
    features = datasets.Features.from_arrow_schema(table.select(known).schema)
    loaded = datasets.load_dataset(
        "parquet", data_files=files, split="train", columns=known, features=features, cache_dir=str(folder / "cache")
    )
    say("datasets", loaded)
    with pa.ipc.open_stream(folder / "traces.arrows") as stream:
        say("datasets arrow", datasets.Dataset(stream.read_all().select(known)))


if __name__ == "__main__":
    main()
