// Connects to a server for assistants as a program in TypeScript does, with the protocol's
// own SDK: it finds out where to ask, registers, sends its member to the page that asks, and
// reads the code that they come back with from standard input. With a token it needs none of
// that. Then it lists and calls tools, and says on standard output what came of it, a line of
// JSON each.
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const say = (what) => console.log(JSON.stringify(what));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => (await lines.next()).value;

const kept = {};
const provider = {
  redirectUrl: "http://127.0.0.1:7777/back",
  clientMetadata: { client_name: "TypeScript helper", redirect_uris: ["http://127.0.0.1:7777/back"], token_endpoint_auth_method: "none" },
  clientInformation: () => kept.client,
  saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens; },
  redirectToAuthorization: (url) => say({ authorize: url.toString() }),
  saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  codeVerifier: () => kept.verifier,
};

const [address, token] = [new URL(process.argv[2]), process.argv[3]];
const access = token ? { requestInit: { headers: { Authorization: `Bearer ${token}` } } } : { authProvider: provider };
const connect = async () => {
  const client = new Client({ name: "typescript", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(address, access);
  try {
    await client.connect(transport);
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    const back = new URL(await read());
    if (back.searchParams.get("iss") !== address.origin) throw new Error("another server answers");
    await transport.finishAuth(back.searchParams.get("code"));
    return connect();
  }
  return client;
};

const client = await connect();
say({ tools: (await client.listTools()).tools.map((tool) => tool.name).sort(), access: token ?? kept.tokens.access_token });
for (;;) {
  const line = await read();
  if (!line) break;
  const { name, arguments: given } = JSON.parse(line);
  try {
    say(await client.callTool({ name, arguments: given }));
  } catch (error) {
    say({ failed: String(error) });
  }
}
await client.close();
