// The feed of what came or changed, followed without gaps with a cursor that the caller stores.
import type { components, Kim, Problem } from "./client.js";

export type Summary = components["schemas"]["PartnerReferralSummary"];

/** One page. Store `cursor` when it has been worked off, not before. */
export interface Changes {
  changed: Summary[];
  /** Ids of what went out of sight: delete what was taken over of them. */
  lost: string[];
  cursor: string;
}

export type SentSummary = components["schemas"]["PartnerIncomingSummary"];

/** One page of what has become of those whom one referred. Nothing of it goes out of sight. */
export interface SentChanges {
  changed: SentSummary[];
  cursor: string;
}

/** The server has answered that it will not do it; 410 means: begin with "", and read what you hold and are not told of. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status ?? ""} ${problem.code ?? ""}`);
  }
}

/** Yield the pages since a cursor, until there is no more at once; "" begins with everything open. */
export async function* changes(kim: Kim, since = ""): AsyncGenerator<Changes> {
  for (let more = true; more; ) {
    const { data, error } = await kim.GET("/v1/partner/referrals", { params: { query: { since } } });
    if (!data) throw new Refused(error);
    since = data.next ?? since;
    more = data.more ?? false;
    yield {
      changed: data.items.filter((each): each is Summary => !("lost" in each)),
      lost: data.items.filter((each) => "lost" in each).map((each) => each.id),
      cursor: since,
    };
  }
}

/** The same of whom one referred to KIM; "" begins with everything that was sent. */
export async function* sentChanges(kim: Kim, since = ""): AsyncGenerator<SentChanges> {
  for (let more = true; more; ) {
    const { data, error } = await kim.GET("/v1/partner/incoming-referrals", { params: { query: { since } } });
    if (!data) throw new Refused(error);
    since = data.next ?? since;
    more = data.more ?? false;
    yield { changed: data.items, cursor: since };
  }
}
