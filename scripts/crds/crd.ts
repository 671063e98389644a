import { unseenStatus } from "../../src/kinds/schemas/conditions.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import type { CustomResource } from "./resources.ts";
import { structural } from "./structural.ts";

const GROUP = "llmstack.ai";

/** The name of the file and of the CustomResourceDefinition, such as apps.llmstack.ai. */
export function crdName({ plural }: CustomResource): string {
  return `${plural}.${GROUP}`;
}

/** The CustomResourceDefinition of a kind. */
export function crd(resource: CustomResource): JsonObject {
  const { kind, plural, shortName, scope, columns } = resource;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: crdName(resource), labels: { "app.kubernetes.io/name": "llmstack-sync" } },
    spec: {
      group: GROUP,
      scope,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ["llmstack"],
      },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: schemaOf(resource) },
        },
      ],
    },
  };
}

/** What the cluster keeps by itself (apiVersion, kind, metadata) is not said again. */
function schemaOf({ kind, schema, status, more, open = {} }: CustomResource): JsonObject {
  const own = part(schema["properties"]);
  const source = {
    type: "object",
    description: schema["description"] ?? "",
    required: ["spec"],
    properties: {
      apiVersion: { type: "string", description: "Always llmstack.ai/v1alpha1." },
      kind: { type: "string", description: `Always ${kind}.` },
      spec: part(own["spec"]),
      status: status ?? part(own["status"]),
    },
  };
  const opened = Object.entries(open).reduce<JsonObject>(
    (whole, [path, names]) => changeAt(whole, path, (map) => onlyProperties(map, names)),
    structural(source),
  );
  const { properties, ...whole } = Object.entries(more).reduce<JsonObject>(
    (before, [path, keywords]) => changeAt(before, path, (place) => ({ ...place, ...keywords })),
    opened,
  );
  const told = { ...part(part(properties)["status"]), default: unseenStatus };
  return { ...whole, properties: { ...part(properties), status: told, metadata: { type: "object" } } };
}

function onlyProperties(map: JsonObject, names: readonly string[]): JsonObject {
  const properties = part(map["properties"]);
  return {
    ...map,
    "x-kubernetes-preserve-unknown-fields": true,
    properties: Object.fromEntries(names.map((name) => [name, part(properties[name])])),
  };
}

/** The same schema with another part at a place, which is there. */
function changeAt(schema: JsonObject, path: string, change: (part: JsonObject) => JsonObject): JsonObject {
  if (path === "") return change(schema);
  const [name = "", ...rest] = path.split(".");
  const properties = part(schema["properties"]);
  return { ...schema, properties: { ...properties, [name]: changeAt(part(properties[name]), rest.join("."), change) } };
}

function part(value: unknown): JsonObject {
  if (!isObject(value)) throw new Error("the schema has no such part");
  return value as JsonObject;
}
