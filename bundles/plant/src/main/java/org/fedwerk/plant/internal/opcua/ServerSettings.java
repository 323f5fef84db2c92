// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import java.nio.file.Path;
import org.fedwerk.plant.internal.Login;

/**
 * Where a plant's OPC UA server listens and whom it lets in.
 *
 * @param site the plant's name, part of namespace and path
 * @param host address it listens on
 * @param port port; 0 takes a free one
 * @param login the one user
 * @param folder holds its key and the trusted certificates
 * @param trustAllClients true to let every client certificate in; the user is asked all the same
 */
public record ServerSettings(
    String site, String host, int port, Login login, Path folder, boolean trustAllClients) {}
