"""Makes sentencepiece_cases.json: a tiny BPE of SentencePiece, as convert_hf_to_gguf.py writes one into a GGUF file, and what SentencePiece
itself makes of some texts.

    python make_sentencepiece_cases.py      # needs sentencepiece (made with 0.2.3)
"""

import io
import json
import pathlib
import random

import sentencepiece as spm

HERE = pathlib.Path(__file__).parent
WORDS = ("the answer is and then we add subtract multiply divide number of apples pears each box holds so wait let me check again that "
         "total remaining sold bought gives equals therefore because since every there were was has have how many left").split()

TEXTS = [
    "So the answer is 46, isn't it?\n\n  It ISN'T 1234567.",
    "the the  the   the",
    " leading and trailing ",
    "aaaaaaaaaaaaa abababab",
    "ein Wort, \u00fcber \u00e9 e\u0301 \u4e8c \U0001f600\tz",
    "<0x41> is not the byte A, nor is \u2581 a space",
    "",
    " ",
    "\n",
    "there were 12 apples therefore each box holds 3",
]


def corpus():
    chance = random.Random(7)
    for _ in range(400):
        words = [chance.choice(WORDS) for _ in range(12)]
        words.insert(chance.randrange(12), str(chance.randrange(100)))
        yield " ".join(words)


def main():
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=corpus(), model_writer=model, vocab_size=460, model_type="bpe", byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, allow_whitespace_only_pieces=True,
        user_defined_symbols=["[INST]"], num_threads=1, minloglevel=2)
    pieces = spm.SentencePieceProcessor(model_proto=model.getvalue())
    types = []
    for i in range(pieces.get_piece_size()):
        if pieces.is_unknown(i):
            types.append(2)
        elif pieces.is_control(i):
            types.append(3)
        elif pieces.is_byte(i):
            types.append(6)
        else:
            types.append(4 if pieces.id_to_piece(i) == "[INST]" else 1)
    chance = random.Random(11)
    texts = TEXTS + ["".join(chance.choice("abcdehilnorstw  0123456789") for _ in range(chance.randrange(1, 60))) for _ in range(40)]
    result = {
        "tokens": [pieces.id_to_piece(i) for i in range(len(types))],
        "scores": [pieces.get_score(i) for i in range(len(types))],
        "token_type": types,
        "unknown_token_id": pieces.unk_id(),
        "bos_token_id": pieces.bos_id(),
        "eos_token_id": pieces.eos_id(),
        "cases": [{"text": text, "ids": pieces.encode(text), "decoded": pieces.decode(pieces.encode(text))} for text in texts],
    }
    (HERE / "sentencepiece_cases.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


main()
