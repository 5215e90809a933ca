import { GenericContainer } from "testcontainers";

/** A container as a careful cluster runs it: nothing can be written, no capability, no new privileges. */
export class LockedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities("ALL").withSecurityOpt("no-new-privileges");
    // By this name containers reach the machine that the tests run on, with every engine.
    this.withExtraHosts([{ host: hostOfTests, ipAddress: "host-gateway" }]);
  }
}

export const hostOfTests = "host.docker.internal";
