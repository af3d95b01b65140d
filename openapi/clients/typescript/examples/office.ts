// Signs in with the machine of a card, follows the feed from a stored cursor, takes each package over and accepts.
//
//   node build/examples/office.js var/demo.json cursor-office.txt
//
// A cursor that is good no more (after 60 days, or of a demonstration that was begun anew) is dropped.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, once } from "../src/client.js";
import { changes, Refused } from "../src/feed.js";

const [card, stored] = process.argv.slice(2);
if (!card || !stored || !existsSync(card)) {
  if (card && stored) console.error(`${card} is not there; is the demonstration running?`);
  console.error("usage: node build/examples/office.js CARD CURSOR\n  (var/demo.json, and a file of your own)");
  process.exit(2);
}
const { base_url: baseUrl, partner_systems: machines } = JSON.parse(readFileSync(card, "utf-8"));
const { client_id: clientId, kid, private_key: privateKey } = machines[0];
const kim = connect({ baseUrl, clientId, kid, privateKey });

async function follow(since: string, stored: string): Promise<void> {
  for await (const page of changes(kim, since)) {
    for (const { id } of page.changed.filter((each) => each.state === "requested")) {
      const path = { referral_id: id };
      const read = await kim.GET("/v1/partner/referrals/{referral_id}", { params: { path } });
      if (!read.data) throw new Refused(read.error);
      const { version } = read.data; // keep `read.data.package` here, before saying that it was taken over
      const fetched = await kim.POST("/v1/partner/referrals/{referral_id}/fetched", {
        params: { path, header: { ...once(`fetched-${id}-${version}`), "if-match": `"${version}"` } },
      });
      if (!fetched.data) throw new Refused(fetched.error);
      const accepted = await kim.POST("/v1/partner/referrals/{referral_id}/accept", {
        params: { path, header: once(`accept-${id}-${fetched.data.version}`) },
      });
      if (!accepted.data) throw new Refused(accepted.error);
      console.log(JSON.stringify({ id, state: accepted.data.state, receipt: accepted.data.receipt }));
    }
    for (const id of page.lost) console.log(JSON.stringify({ id, state: "forgotten" }));
    writeFileSync(stored, page.cursor);
  }
}

try {
  await follow(existsSync(stored) ? readFileSync(stored, "utf-8") : "", stored);
} catch (error) {
  if (!(error instanceof Refused) || error.problem.status !== 410) throw error;
  console.error("The stored cursor is good no more: forgetting it, beginning anew.");
  rmSync(stored, { force: true });
  await follow("", stored);
}
