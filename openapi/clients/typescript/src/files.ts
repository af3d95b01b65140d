// A file with one's answer to a referral, such as a confirmation: for the sender's team alone.
import { once, type components, type Kim } from "./client.js";
import { Refused } from "./feed.js";

export type Sent = components["schemas"]["PartnerMessageRead"];

/**
 * Send a file, at most 10 MiB and ten to a referral. Needs the client's consent to feedback: otherwise it is
 * refused with `feedback_not_agreed`. With a key of your own a repeat finds the file that was sent.
 */
export async function sendFile(kim: Kim, referralId: string, file: Uint8Array<ArrayBuffer>, key?: string): Promise<Sent> {
  const { data, error } = await kim.POST("/v1/partner/referrals/{referral_id}/files", {
    params: { path: { referral_id: referralId }, header: once(key) },
    headers: { "content-type": "application/octet-stream" },
    body: file as unknown as string, // bytes are text to the types of a contract
    bodySerializer: () => file,
  });
  if (!data) throw new Refused(error);
  return data;
}
