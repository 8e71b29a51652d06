"""What a program does with the openai package; prints JSON that the test reads."""

import base64
import io
import json
import sys
import urllib.request

import openai

base_url, storm = sys.argv[1], sys.argv[2:]
client = openai.OpenAI(base_url=base_url, api_key="any", max_retries=3)
said = {}

if storm:
    try:
        made = client.images.generate(model="wan2.7-image-pro", prompt=storm[0], n=1)
        said["url"] = made.data[0].url
    except openai.APIConnectionError as error:
        said["lost"] = str(error)
    print(json.dumps(said))
    sys.exit()

made = client.images.generate(model="wan2.7-image-pro", prompt="a cat", n=1)
picture = urllib.request.urlopen(made.data[0].url).read()
said["url"] = picture[:4] == b"\x89PNG"

made = client.images.generate(
    model="qwen-image-3.0-pro",
    prompt="a cat",
    response_format="b64_json",
    extra_body={"negative_prompt": "a dog"},
)
said["b64_json"] = base64.b64decode(made.data[0].b64_json)[:4] == b"\x89PNG"

file = io.BytesIO(picture)
file.name = "cat.png"
made = client.images.edit(model="qwen-image-edit-plus", image=file, prompt="a hat", n=2)
said["edit"] = len(made.data)

stream = client.images.generate(model="wan2.7-image-pro", prompt="a cat", n=1, stream=True)
said["events"] = [[event.type, bool(event.b64_json)] for event in stream]

try:
    client.images.generate(model="wan2.7-image-pro", prompt="a cat", n=9)
except openai.BadRequestError as error:
    said["refused"] = [error.param, error.code, error.type]

try:
    client.images.generate(model="wan2.7-image-prp", prompt="a cat")
except openai.NotFoundError as error:
    said["unknown"] = error.code

said["models"] = "wan2.7-image-pro" in [model.id for model in client.models.list()]
print(json.dumps(said))
