// What a program does with the openai package; prints JSON that the test reads.

import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [directory, baseURL, ...storm] = process.argv.slice(2);
const resolve = createRequire(pathToFileURL(`${directory}/`)).resolve;
const { default: OpenAI, toFile } = await import(pathToFileURL(resolve("openai")).href);
const client = new OpenAI({ baseURL, apiKey: "any", maxRetries: 3 });
const said = {};

if (storm.length) {
  try {
    const made = await client.images.generate({ model: "wan2.7-image-pro", prompt: storm[0], n: 1 });
    said.url = made.data[0].url;
  } catch (error) {
    if (!(error instanceof OpenAI.APIConnectionError) && !(error instanceof TypeError)) throw error;
    said.lost = String(error);
  }
  console.log(JSON.stringify(said));
  process.exit();
}

let made = await client.images.generate({ model: "wan2.7-image-pro", prompt: "a cat", n: 1 });
const picture = Buffer.from(await (await fetch(made.data[0].url)).arrayBuffer());
const isPng = (bytes) => bytes.subarray(1, 4).toString() === "PNG";
said.url = isPng(picture);

made = await client.images.generate({
  model: "qwen-image-3.0-pro",
  prompt: "a cat",
  response_format: "b64_json",
  negative_prompt: "a dog",
});
said.b64_json = isPng(Buffer.from(made.data[0].b64_json, "base64"));

const image = await toFile(picture, "cat.png", { type: "image/png" });
made = await client.images.edit({ model: "qwen-image-edit-plus", image, prompt: "a hat", n: 2 });
said.edit = made.data.length;

said.events = [];
const stream = await client.images.generate({
  model: "wan2.7-image-pro",
  prompt: "a cat",
  n: 1,
  stream: true,
});
for await (const event of stream) said.events.push([event.type, Boolean(event.b64_json)]);

try {
  await client.images.generate({ model: "wan2.7-image-pro", prompt: "a cat", n: 9 });
} catch (error) {
  said.refused = [error.param, error.code, error.type];
}

try {
  await client.images.generate({ model: "wan2.7-image-prp", prompt: "a cat" });
} catch (error) {
  said.unknown = error.code;
}

said.models = false;
for await (const model of client.models.list()) {
  said.models ||= model.id === "wan2.7-image-pro";
}
console.log(JSON.stringify(said));
