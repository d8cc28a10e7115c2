"""Writes the event file that TensorBoardLogTest compares with, by TensorBoard's own messages and record writer.

    pip install tensorboard        # 2.21.0 when this was written
    python make_tensorboard_events.py ../resources/tensorboard/events.out.tfevents
"""

import sys

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

AT = 1767323045.678  # 2026-01-02T03:04:05.678Z


def scalars(step, **figures):
    values = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in figures["of"]]
    return event_pb2.Event(wall_time=AT, step=step, summary=summary_pb2.Summary(value=values))


def text(step, tag, content):
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]),
        string_val=[content.encode()],
    )
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text"),
        data_class=summary_pb2.DATA_CLASS_TENSOR,
    )
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
    return event_pb2.Event(wall_time=AT, step=step, summary=summary_pb2.Summary(value=[value]))


events = [
    event_pb2.Event(wall_time=AT, file_version="brain.Event:2"),
    event_pb2.Event(
        wall_time=AT, step=300, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    ),
    scalars(
        300,
        of=[
            ("train/loss", 1.5),
            ("train/grad_norm", 0.25),
            ("train/learning_rate", 1e-3),
            ("train/dropped_samples", 1),
            ("validation/loss", 1.25),
            ("validation/loss/a", 1.0),
            ("validation/loss/b", 2.0),
            ("speed/tokens_per_s", 400),
            ("speed/trained_tokens_per_s", 300),
            ("speed/matmul_share", 0.3),
            ("memory/rss_mib", 100),
            ("memory/peak_rss_mib", 200),
        ],
    ),
    text(
        300,
        "sample/0",
        "**Question**\n\n    What is 1+1?\n\n**Reasoning**\n\n    One and\n    one.\n\n"
        "**Answer** (12 tokens, stop)\n\n    \u2264 2\n\n",
    ),
]
with open(sys.argv[1], "wb") as out:
    writer = RecordWriter(out)
    for event in events:
        writer.write(event.SerializeToString(deterministic=True))
