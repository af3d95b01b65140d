// Signs in with the machine of a card, follows the feed from a stored cursor, takes each package over and accepts.
//
//   node build/examples/office.js var/demo.json cursor.txt
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, once } from "../src/client.js";
import { changes, Refused } from "../src/feed.js";

const [card = "var/demo.json", stored = "cursor.txt"] = process.argv.slice(2);
const { base_url: baseUrl, partner_systems: machines } = JSON.parse(readFileSync(card, "utf-8"));
const { client_id: clientId, kid, private_key: privateKey } = machines[0];
const kim = connect({ baseUrl, clientId, kid, privateKey });

const since = existsSync(stored) ? readFileSync(stored, "utf-8") : "";
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
