// A link without a name: must not compile, and only because of the name.
import createClient from "openapi-fetch";
import type { paths } from "./smartlinks.js";

const client = createClient<paths>({ baseUrl: "https://pay.example.com/api/v1" });
await client.POST("/links", { body: { amount: { value: "12.50", currency: "EUR" } } });
