import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";

/** Resources of one type by the id of the API that they belong to; by an empty id, those of which it is not known. */
export type ByApi = (type: string, apiId: string) => readonly Resource[];

/** What belongs to an API of another configuration is warned about and left out. */
export function groupByApi(reading: Reading, apiIds: ReadonlySet<string>): ByApi {
  const groups = new Map<string, Map<string, Resource[]>>();
  return (type, apiId) => {
    let group = groups.get(type);
    if (group === undefined) {
      group = new Map();
      groups.set(type, group);
      for (const resource of reading.resources(type)) {
        const id = reading.text(resource, "rest_api_id");
        if (id !== undefined && !apiIds.has(id)) {
          reading.report(
            `${resource.address} belongs to REST API ${id}, which is not in this directory: it is left out`,
            reading.source(resource, "rest_api_id"),
            "warning",
          );
        }
        const members = group.get(id ?? "") ?? [];
        members.push(resource);
        group.set(id ?? "", members);
      }
    }
    return group.get(apiId) ?? [];
  };
}
