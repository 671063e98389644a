import type { Call } from "../../../route.ts";
import type { Account } from "../account/accounts.ts";
import type { Era } from "../era.ts";
import type { TreeObject } from "./tree.ts";

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a class of the real server does with one verb. */
export interface Action {
  /** Parameters of the path that it cannot do without; absent, Python raises a TypeError. */
  readonly needs?: readonly string[];
  /** Parameters that it takes besides; any other is a TypeError too. */
  readonly takes?: readonly string[];
  /** Asked by nobody in particular too. */
  readonly access?: "open";
  answer(call: RealCall): Response | Promise<Response>;
}

/**
 * A class of the real server. Its methods answer on every route of the class, whatever the route was meant for: that
 * is the verb leakage of llmstack-server.md 2.1.
 */
export interface View {
  /** As OPTIONS tells it. */
  readonly name: string;
  readonly parses: readonly string[];
  /** What becomes of a body that is a list: nothing is found in it, or (the default) asking it for keys fails. */
  readonly lists?: "hold-no-key" | "fail";
  readonly methods: Partial<Readonly<Record<Verb, Action>>>;
  /** The fields that OPTIONS describes under `actions`, for classes that have a serializer. */
  readonly fields?: readonly string[];
}

export interface RealRoute {
  /** `<name>` stands for one segment. */
  readonly path: string;
  readonly view: View;
  /** What the route was made for; goes before the methods of the class. */
  readonly actions: Partial<Readonly<Record<Verb, Action>>>;
  /** `fails`: OPTIONS is an unhandled error there. */
  readonly describe?: "fails";
  /** `gone`: the route names a method that its class has lost, which is an unhandled error for every verb and caller. */
  readonly handler?: "gone";
}

/** One request on its way through a view. */
export interface RealCall extends Omit<Call, "body" | "parameter"> {
  readonly era: Era;
  readonly accounts: readonly Account[];
  /** Whose token it is; throws 403 for nobody. */
  user(): Account;
  readonly caller: Account | undefined;
  /** Undefined where the route has none by that name. */
  readonly parameter: (name: string) => string | undefined;
  readonly query: URLSearchParams;
  /** The body, read when it is first asked for; throws Answered: 400, 415, 500. */
  body(): Promise<TreeObject>;
}
