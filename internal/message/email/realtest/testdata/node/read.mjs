// Reads every mail of a folder and prints what it says, one JSON object a line.
import fs from "node:fs";
import path from "node:path";
import PostalMime from "postal-mime";

const folder = process.argv[2];
for (const name of fs.readdirSync(folder)) {
  const source = fs.readFileSync(path.join(folder, name));
  const mail = await PostalMime.parse(source);
  const header = (key) => mail.headers.filter((h) => h.key === key).map((h) => h.value);
  console.log(JSON.stringify({
    id: mail.messageId, from: mail.from, to: mail.to, replyTo: mail.replyTo ?? [], subject: mail.subject ?? "", date: mail.date,
    text: mail.text, html: mail.html, optOut: header("list-unsubscribe"), oneClick: header("list-unsubscribe-post"),
    attachments: mail.attachments.length, ascii: source.every((byte) => byte < 128),
  }));
}
