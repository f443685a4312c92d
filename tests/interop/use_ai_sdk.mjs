// Does one call with @ai-sdk/xai, through `ai`: the call on stdin, what it came to on stdout.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// The packages lie in the folder that this is called from, not beside this file.
const require = createRequire(join(process.cwd(), "package.json"));
const { RetryError, generateImage } = require("ai");
const { createXai } = require("@ai-sdk/xai");

const { base_url: baseURL, key: apiKey, arguments: given } = JSON.parse(readFileSync(0, "utf8"));
const { model, images, prompt, ...options } = given;

async function call() {
  const xai = createXai({ baseURL, apiKey });
  const wanted = images ? { text: prompt, images: images.map((data) => Buffer.from(data, "base64")) } : prompt;
  const result = await generateImage({ model: xai.image(model), prompt: wanted, ...options });
  const costs = result.calls.map((one) => one.providerMetadata.xai.costInUsdTicks);
  return {
    pictures: result.images.map((image) => ({ b64_json: image.base64 })),
    ticks: costs.reduce((sum, cost) => sum + cost, 0),
    warnings: result.warnings,
  };
}

function failure(error) {
  const { name, message, statusCode, data } = RetryError.isInstance(error) ? error.lastError : error;
  return { failure: { kind: name, message, status: statusCode, body: data } };
}

process.stdout.write(JSON.stringify(await call().catch(failure)));
