// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.security.Principal;
import java.util.List;

/**
 * Somebody whom the broker let in.
 *
 * @param name for messages
 * @param reads what may be subscribed
 * @param writes what may be published
 */
record Guest(String name, List<TopicFilter> reads, List<TopicFilter> writes) implements Principal {
  @Override
  public String getName() {
    return name;
  }

  boolean mayRead(TopicFilter topic) {
    return reads.stream().anyMatch(rule -> rule.covers(topic));
  }

  boolean mayWrite(TopicFilter topic) {
    return writes.stream().anyMatch(rule -> rule.covers(topic));
  }
}
