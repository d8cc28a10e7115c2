"""Writes the Parquet files of PromptParquetTest with pyarrow 26.0.1: python3 make_parquet.py"""

import pyarrow as pa
import pyarrow.parquet as pq

nested = pa.table(
    {
        "id": pa.array([7, 8, 9]),
        "extra": pa.array(
            [
                {"problem": "What is 1 + 1?", "solution": {"answer": "2"}},
                {"problem": "What is 2 + 2?", "solution": {"answer": "work\n#### 4"}},
                {"problem": "What is 3 + 3?", "solution": None},
            ]
        ),
        "score": pa.array([0.5, 2.0, None]),
        "image": pa.array([b"\x00\xff", b"", None], pa.binary()),
    }
)
pq.write_table(nested, "nested.parquet", compression="snappy", row_group_size=2)

chat = pa.table(
    {
        "conversations": pa.array(
            [
                [{"from": "human", "value": "hello"}, {"from": "gpt", "value": "hi"}],
                [
                    {"from": "system", "value": "be brief"},
                    {"from": "human", "value": "and you?"},
                ],
            ]
        ),
        "messages": pa.array(
            [
                [{"role": "user", "content": "one"}],
                [
                    {"role": "user", "content": "two"},
                    {"role": "assistant", "content": "no"},
                    {"role": "user", "content": "three"},
                ],
            ]
        ),
        "expected_answer": pa.array([1, 3]),
    }
)
pq.write_table(chat, "chat.parquet", compression="gzip")

bad = pa.table({"question": pa.array(["a", "", None, "b"]), "answer": pa.array(["1", "2", "3", "4"])})
pq.write_table(bad, "bad.parquet", compression="zstd")
pq.write_table(bad, "brotli.parquet", compression="brotli")
pq.write_table(bad, "lz4.parquet", compression="lz4")
