// The program of a business, with the types that openapi-typescript generates. It prints
// the address of a link and waits until somebody has paid there, then gives the money back.
import { createServer } from "node:http";
import createClient from "openapi-fetch";
import { Webhook } from "standardwebhooks";
import type { components, paths } from "./smartlinks.js";

type Event = components["schemas"]["Event"];

setTimeout(() => {
  throw new Error("nobody paid within a minute");
}, 60_000).unref();

const client = createClient<paths>({
  baseUrl: process.env.API ?? "",
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
});

// The receiver takes a port, so that the endpoint can be made. What nobody signed is refused.
const server = createServer();
await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
const address = server.address();
check(address !== null && typeof address !== "string", "the receiver listens", address);
const endpoint = await client.POST("/webhook-endpoints", {
  body: { url: `http://127.0.0.1:${address.port}/webhooks`, events: ["payment.succeeded", "payment.refunded"] },
});
if (!endpoint.data) throw new Error(endpoint.error.detail);
const webhook = new Webhook(endpoint.data.secret);

const events: Event[] = [];
let came = () => {};
server.on("request", async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  const header = (name: string) => String(request.headers[name]);
  try {
    webhook.verify(body, {
      "webhook-id": header("webhook-id"),
      "webhook-timestamp": header("webhook-timestamp"),
      "webhook-signature": header("webhook-signature"),
    });
    events.push(JSON.parse(body));
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
  came();
});

async function next(): Promise<Event> {
  for (;;) {
    const event = events.shift();
    if (event) return event;
    await new Promise<void>((resolve) => (came = resolve));
  }
}

function check(right: boolean, what: string, found: unknown): asserts right {
  if (!right) throw new Error(`${what}: ${JSON.stringify(found)}`);
}

const made = await client.POST("/links", {
  params: { header: { "Idempotency-Key": "order-3" } },
  body: { name: "Order 3", amount: { value: "12.50", currency: "EUR" }, limit: { kind: "once" } },
});
if (!made.data) throw new Error(made.error.detail);
const link = made.data;
const badge: "green" | "orange" | "red" | null = link.limit.badge;
check(badge === "orange", "one place is left, so the badge is orange", link);
const links = await client.GET("/links", { params: { query: { q: "order 3" } } });
check(links.data?.data.length === 1 && links.data.data[0]?.id === link.id, "the list holds the link", links);
console.log(link.url);

const paid = await next();
check(paid.type === "payment.succeeded" && paid.data.link_id === link.id, "the event is of the payment", paid);
const payment = await client.GET("/payments/{id}", { params: { path: { id: paid.data.id } } });
check(payment.data?.status === "paid" && payment.data.amount.value === "12.50" && payment.data.dispute === null, "it is paid", payment);
const payments = await client.GET("/payments", { params: { query: { link_id: link.id, status: ["paid"] } } });
check(payments.data?.data.length === 1, "the list holds the payment", payments);
const activity = await client.GET("/links/{id}/activity", { params: { path: { id: link.id }, query: { kind: "payment" } } });
check(activity.data?.data.length === 1 && activity.data.data[0]?.id === paid.data.id, "the activity holds the payment", activity);

const refund = await client.POST("/payments/{id}/refunds", { params: { path: { id: paid.data.id } }, body: { reason: "sent back" } });
if (!refund.data) throw new Error(refund.error.detail);
const back = await next();
check(back.type === "payment.refunded" && back.data.status === "refunded", "the event is of the refund", back);
check(back.data.refunds[0]?.id === refund.data.id, "the event holds the refund", back);
console.log("refunded", back.data.id);
server.close();
server.closeAllConnections();
