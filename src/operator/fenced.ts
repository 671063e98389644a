import type { Kube } from "../kube/kube.ts";
import { SyncError } from "../model/errors.ts";

/** The same, but that whoever no longer leads writes nothing: another replica may have decided otherwise by now. */
export function fenced(kube: Kube, isLeading: () => boolean): Kube {
  const guard = async <T>(write: () => Promise<T>): Promise<T> => {
    if (isLeading()) return write();
    throw new SyncError("lock_held", "this replica does not lead any longer, so it writes nothing");
  };
  return {
    get: (...args) => kube.get(...args),
    list: (...args) => kube.list(...args),
    create: (...args) => guard(() => kube.create(...args)),
    replace: (...args) => guard(() => kube.replace(...args)),
    delete: (...args) => guard(() => kube.delete(...args)),
    patchJson: (...args) => guard(() => kube.patchJson(...args)),
    applyStatus: (...args) => guard(() => kube.applyStatus(...args)),
  };
}
