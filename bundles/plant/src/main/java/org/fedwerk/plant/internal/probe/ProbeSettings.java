// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.probe;

import java.nio.file.Path;
import org.fedwerk.plant.internal.Login;

/**
 * A site's prediction server, as the plant's probe reads it.
 *
 * @param endpoint its address, {@code opc.tcp://...}
 * @param login user and password
 * @param node variable whose value is the serial of the predicted part, with namespace URI
 * @param folder holds the probe's key and the trusted certificates
 * @param trustServer true to trust every server certificate
 */
public record ProbeSettings(
    String endpoint, Login login, String node, Path folder, boolean trustServer) {}
