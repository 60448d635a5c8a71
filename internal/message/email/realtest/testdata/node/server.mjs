// A mail server in Node: takes mails from a user who signs in over TLS, writes each to
// the folder, and prints its port. It offers what ours never asks for, and refuses whoever does.
import fs from "node:fs";
import path from "node:path";
import { SMTPServer } from "smtp-server";

const [folder, cert, key] = process.argv.slice(2);
let taken = 0;

const refusal = (responseCode, words) => Object.assign(new Error(words), { responseCode });

const server = new SMTPServer({
  name: "mail.example",
  cert: fs.readFileSync(cert),
  key: fs.readFileSync(key),
  authMethods: ["PLAIN"],
  hideSMTPUTF8: false,
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    const known = session.secure && auth.username === "amara" && auth.password === "secret";
    done(known ? null : refusal(535, "wrong password"), { user: auth.username });
  },
  onMailFrom(address, session, done) {
    const asked = Object.keys(address.args || {}).filter((name) => name !== "SIZE");
    done(asked.length > 0 ? refusal(555, "needless " + asked) : null);
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      fs.writeFile(path.join(folder, `${++taken}.eml`), Buffer.concat(parts), done);
    });
  },
});

server.on("error", () => {});
server.listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
process.stdin.on("end", () => process.exit(0)).resume(); // the test is over
