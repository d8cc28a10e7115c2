#!/usr/bin/env python3
"""What transformers writes greedily in float32 after the prompts below, for RealModelTextTest, which runs this.

    python real_text.py FOLDER

FOLDER/request.json: {"model": a Hugging Face folder, "new_tokens": of each text}. Writes texts.json, one object a prompt:
"prompt" its ids, "ids" those that were written, end tokens like any other; "top_ids" and "top_logits" the TOP likeliest tokens
where each of them was chosen, best first.

Needs torch and transformers.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

TOP = 8

# Texts to go on with as they are: words, then code, then numbers, from one word to a page.
PLAIN = (
    "The",
    "Once upon a time, in a village between two rivers, there lived",
    "La Révolution française commença en 1789, lorsque",
    "Die Umlaufbahn eines Planeten ist eine Ellipse, in deren einem Brennpunkt die Sonne steht. Das zweite Gesetz sagt,",
    "import math\n\n\ndef is_prime(n: int) -> bool:\n",
    "public final class LinkedStack<T> {\n    private Node<T> head;\n    private int size;\n\n    public void push(T value) {\n",
    "SELECT c.name, COUNT(*) AS orders, SUM(o.total) AS spent\nFROM customers c\nJOIN orders o ON o.customer_id = c.id\nWHERE",
    "1, 1, 2, 3, 5, 8, 13, 21, 34,",
    """A lake has an inflow and an outflow. When more water comes in than goes out, the lake rises, and its surface grows with it. A larger
surface loses more water to the air, and a higher lake presses harder on its outflow, so that both losses grow. At some height they are
as large as the inflow, and the lake stays there. If the inflow doubles for a week and then returns to what it was, the lake will rise
for that week and slowly sink again afterwards, towards the same height as before. Such a system is called stable: whatever small
disturbance comes, it returns by itself. Not all systems are like this. A pencil on its tip stands still in theory, but the smallest
breath of air tips it over, and the further it leans the faster it falls. A fire is another example. The hotter it burns, the more
gas it drives out of the wood, and the more gas there is, the hotter it burns, until there is no wood left, or no air. Between the
two lie systems that swing: a pendulum that is pushed to one side comes back, but passes the middle and climbs on the other side. How
long it swings depends on the friction. Engineers who build bridges, aircraft or power grids have to know which of the three they have
before them, because""",
)

# Questions, asked through the model's chat template.
ASKED = (
    "What is 17 * 23? Think step by step.",
    "A train leaves at 9:40 and arrives at 13:05. How long does it take, and how fast is it on average if the way is 287 km long?",
    "Solve x^2 - 5x + 6 = 0 and check both solutions.",
    "Write a Python function that merges two sorted lists into one sorted list, with a docstring.",
    "Explain the difference between a process and a thread in two sentences.",
    "¿Cuál es la capital de Australia y por qué no es Sídney?",
    "请用三句话介绍一下长城的历史。",
    "日本で一番高い山は何ですか。その高さも教えてください。",
    "Назови три самые длинные реки мира и страны, через которые они текут.",
    "Give me a shopping list for a vegetable soup for four people, as a Markdown list. \U0001F955",
    """Here is a function from a program that people complain about:

```python
def report(orders, customers):
    lines = []
    for customer in customers:
        total = 0
        for order in orders:
            if order["customer"] == customer["id"]:
                for item in order["items"]:
                    total = total + item["price"] * item["count"]
        if total > 0:
            lines.append(customer["name"] + ": " + str(round(total, 2)))
    result = ""
    for line in lines:
        result = result + line + "\\n"
    return result
```

There are 40,000 customers and 900,000 orders, and it takes most of a day. Say what is slow, how the time grows with the number of
customers and orders, and write a version that takes a few seconds. Keep the name of the function and what it returns, and do not use
any library.""",
)


def prompts(tokenizer):
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in PLAIN]
    for question in ASKED:
        messages = [{"role": "user", "content": question}]
        text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        ids.append(tokenizer(text, add_special_tokens=False)["input_ids"])
    return ids


def main(folder):
    request = json.loads((folder / "request.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
    model.generation_config = GenerationConfig(eos_token_id=None, pad_token_id=0)  # nothing that ends or bends a text
    texts = []
    for prompt in prompts(tokenizer):
        ids = torch.tensor([prompt])
        with torch.inference_mode():
            done = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=request["new_tokens"],
                output_logits=True,
                return_dict_in_generate=True,
            )
        tops = [torch.topk(logits[0], TOP) for logits in done.logits]
        texts.append(
            {
                "prompt": prompt,
                "ids": done.sequences[0, len(prompt) :].tolist(),
                "top_ids": [top.indices.tolist() for top in tops],
                "top_logits": [top.values.tolist() for top in tops],
            }
        )
    (folder / "texts.json").write_text(json.dumps(texts))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
