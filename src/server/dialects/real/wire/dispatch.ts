import { BrokenRequest } from "../../../body/read-body.ts";
import type { Exchange } from "../../../mount.ts";
import { json } from "../../../respond.ts";
import { type Account, type Authenticate, authenticator } from "../account/accounts.ts";
import { lacksCsrfToken, type Sessions } from "../account/sessions.ts";
import type { Era } from "../era.ts";
import { Answered, badRequestPage, crash, csrfPage, detail, proxyTooLarge, spa } from "./answers.ts";
import { allowedVerbs, describe } from "./describe.ts";
import { matcher, type Matched } from "./match.ts";
import { isAllowedHost, refuseFormat } from "./negotiate.ts";
import { readTree } from "./read-tree.ts";
import type { Action, RealCall, RealRoute, Verb } from "./view.ts";

export interface RealSetup {
  readonly era: Era;
  readonly accounts: readonly Account[];
  readonly sessions: Sessions;
  readonly routes: readonly RealRoute[];
  /** Host names that are let in; absent: all. */
  readonly allowedHosts?: readonly string[];
  /** The stock deployment's proxy refuses bodies over 1 MiB (1.2). */
  readonly proxy?: "none" | "nginx";
  /** Looks at a request before anybody is asked who he is; an answer ends it. */
  readonly middleware: (request: Request, pathname: string, exchange: Exchange) => Response | undefined;
}

type Handle = (request: Request, exchange: Exchange) => Promise<Response>;

const NOT_PROVIDED = "Authentication credentials were not provided.";
const PROXY_LIMIT = 1024 * 1024;
const READERS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A Django server with Django REST framework, as one function from a request to its answer. */
export function dispatcher(setup: RealSetup): Handle {
  const match = matcher(setup.routes);
  const authenticate = authenticator(setup.accounts);
  return async (request, exchange) => {
    const url = new URL(request.url);
    const host = request.headers.get("host") ?? url.host;
    const length = Number(request.headers.get("content-length") ?? 0);
    if (setup.proxy === "nginx" && length > PROXY_LIMIT) return proxyTooLarge();
    if (setup.allowedHosts !== undefined && !isAllowedHost(host, setup.allowedHosts)) return badRequestPage();
    const early = setup.middleware(request, url.pathname, exchange);
    if (early !== undefined) return early;
    const matched = match(url.pathname);
    if (matched === undefined) return withoutBody(request, READERS.has(request.method) ? spa() : csrfPage());
    const answer = await answerView({ setup, request, url, matched, exchange, authenticate }).catch((error: unknown) =>
      answerOf(error, exchange),
    );
    if (answer.status !== 500) answer.headers.set("allow", allowedVerbs(matched.route).join(", "));
    return withoutBody(request, answer);
  };
}

interface Visit {
  readonly setup: RealSetup;
  readonly request: Request;
  readonly url: URL;
  readonly matched: Matched;
  readonly exchange: Exchange;
  readonly authenticate: Authenticate;
}

/** In the order of Django REST framework: what can be answered, who asks, may he, is there such a verb. */
async function answerView(visit: Visit): Promise<Response> {
  const { request, url, matched } = visit;
  if (matched.route.handler === "gone") throw crash();
  const refused = refuseFormat(request, url.searchParams);
  if (refused !== undefined) return refused;
  const { meant, leaked } = actionsOf(request.method, matched.route);
  const caller = callerOf(visit);
  const isOpen = meant?.access === "open" || isOpenToAll(matched.route);
  if (caller === undefined && !isOpen) return detail(403, NOT_PROVIDED);
  if (request.method === "OPTIONS") return describe(matched.route);
  const action = meant ?? leaked;
  if (action === undefined) return detail(405, `Method "${request.method}" not allowed.`);
  refuseParameters(action, matched.parameters);
  return action.answer(callOf(visit, caller));
}

interface Actions {
  /** What the route was made for. */
  readonly meant?: Action | undefined;
  /** What its class does besides. HEAD is for routes that were made for GET only. */
  readonly leaked?: Action | undefined;
}

function actionsOf(method: string, { actions, view }: RealRoute): Actions {
  if (method === "HEAD") return { meant: actions.GET };
  return isVerb(method) ? { meant: actions[method], leaked: view.methods[method] } : {};
}

function callerOf({ setup, request, authenticate }: Visit): Account | undefined {
  const session = setup.sessions.find(request.headers.get("cookie"));
  if (session !== undefined) {
    if (lacksCsrfToken(request)) throw new Answered(detail(403, "CSRF Failed: CSRF token missing."));
    return session;
  }
  const found = authenticate(request.headers.get("authorization"));
  if (typeof found !== "string") return found;
  if (found !== NOT_PROVIDED) throw new Answered(detail(403, found));
  return undefined;
}

function isOpenToAll({ actions }: RealRoute): boolean {
  const all = Object.values(actions);
  return all.length > 0 && all.every(({ access }) => access === "open");
}

/** Python calls the method with the route's parameters by name; one too many or too few is a TypeError. */
function refuseParameters({ needs = [], takes = [] }: Action, given: ReadonlyMap<string, string>): void {
  const known = new Set([...needs, ...takes]);
  if (needs.some((name) => !given.has(name)) || [...given.keys()].some((name) => !known.has(name))) throw crash();
}

function callOf({ setup, request, url, matched, exchange }: Visit, caller: Account | undefined): RealCall {
  let body: ReturnType<typeof readTree> | undefined;
  return {
    ...exchange,
    era: setup.era,
    accounts: setup.accounts,
    caller,
    user: () => {
      if (caller === undefined) throw new Answered(detail(403, NOT_PROVIDED));
      return caller;
    },
    parameter: (name) => matched.parameters.get(name),
    query: url.searchParams,
    body: () => (body ??= readTree(request, matched.route.view, (read) => exchange.noteBody(read))),
  };
}

function answerOf(error: unknown, exchange: Exchange): Response {
  if (error instanceof Answered) return error.response;
  if (error instanceof BrokenRequest) throw error;
  exchange.noteDefect(error);
  return json(500, {
    detail: `The reference server failed: ${error instanceof Error ? error.message : String(error)}`,
  });
}

function withoutBody(request: Request, answer: Response): Response {
  if (request.method !== "HEAD") return answer;
  return new Response(null, { status: answer.status, headers: answer.headers });
}

function isVerb(method: string): method is Verb {
  return ["GET", "POST", "PUT", "PATCH", "DELETE"].includes(method);
}
