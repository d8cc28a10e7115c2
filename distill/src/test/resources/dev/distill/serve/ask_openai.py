"""Asks a server through the openai package, in every way that it has; says what came, as one JSON object.

    python ask_openai.py URL MODEL KEY
"""

import asyncio
import json
import sys

import openai

url, model, key = sys.argv[1:]
client = openai.OpenAI(base_url=url + "/v1", api_key=key, max_retries=0)
said = {"models": [m.id for m in client.models.list()], "retrieved": client.models.retrieve(model).id}
question = [{"role": "user", "content": "What is two and two?"}]
chat = dict(model=model, messages=question, max_tokens=120, seed=11, temperature=1.5)

whole = client.chat.completions.create(**chat, n=2, logprobs=True, top_logprobs=2)
said["whole"] = [
    {
        "content": c.message.content,
        "reasoning": getattr(c.message, "reasoning_content", None),
        "finish": c.finish_reason,
        "tokens": len(c.logprobs.content),
    }
    for c in whole.choices
]
said["usage"] = whole.usage.model_dump(exclude_none=True)

streamed = [{"content": "", "reasoning": ""} for _ in range(2)]
with client.chat.completions.create(**chat, n=2, stream=True, stream_options={"include_usage": True}) as stream:
    for chunk in stream:
        for c in chunk.choices:
            streamed[c.index]["content"] += c.delta.content or ""
            streamed[c.index]["reasoning"] += getattr(c.delta, "reasoning_content", None) or ""
        if chunk.usage:
            said["streamed_usage"] = chunk.usage.model_dump(exclude_none=True)
said["streamed"] = streamed

completion = client.completions.create(model=model, prompt=["Two and", "Count"], max_tokens=9, temperature=0, logprobs=2, echo=True)
said["completion"] = [c.text for c in completion.choices]
said["scored"] = len(completion.choices[0].logprobs.token_logprobs)
said["extra"] = client.completions.create(model=model, prompt="Two", max_tokens=3, extra_body={"top_k": 5}).object


async def together():
    several = openai.AsyncOpenAI(base_url=url + "/v1", api_key=key, max_retries=0)
    replies = await asyncio.gather(*(several.chat.completions.create(**{**chat, "seed": i % 4}) for i in range(16)))
    await several.close()
    return [r.choices[0].message.content + str(getattr(r.choices[0].message, "reasoning_content", "")) for r in replies]


texts = asyncio.run(together())
said["together"] = all(texts[i] == texts[i % 4] for i in range(16)) and len(set(texts)) == 4


def refusal(**changed):
    try:
        client.chat.completions.create(**{**chat, **changed})
    except openai.APIStatusError as e:
        return [type(e).__name__, e.param, e.code]
    return None


said["refused"] = [refusal(model="other"), refusal(temperature=3), refusal(tools=[{"type": "function"}])]
wrong = openai.OpenAI(base_url=url + "/v1", api_key="wrong", max_retries=0)
try:
    wrong.models.list()
except openai.AuthenticationError as e:
    said["wrong_key"] = e.code
json.dump(said, sys.stdout)
