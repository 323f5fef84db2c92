// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

/**
 * Where a subscription can be taken up again by another session.
 *
 * @param subscription its id at the server
 * @param serverStart when the server started; after a restart the id may be somebody else's
 * @param settings digest of what was subscribed
 * @param stored sequence number of the newest notification message that is stored; 0 before the
 *     first
 */
record ResumePoint(long subscription, String serverStart, String settings, long stored) {
  ResumePoint after(long sequence) {
    return new ResumePoint(subscription, serverStart, settings, sequence);
  }
}
