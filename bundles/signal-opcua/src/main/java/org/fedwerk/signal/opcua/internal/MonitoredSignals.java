// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.encoding.DefaultEncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DeadbandType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemCreateRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoredItemCreateResult;
import org.eclipse.milo.opcua.stack.core.types.structured.MonitoringParameters;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;

/**
 * The monitored items of one subscription: which exist, which could not be made and why, and what
 * the server revised. For one thread.
 */
final class MonitoredSignals {
  /** Every value counts, even one equal to the last: a new time is a new measurement. */
  private static final DataChangeFilter EVERY_VALUE =
      new DataChangeFilter(
          DataChangeTrigger.StatusValueTimestamp, uint(DeadbandType.None.getValue()), 0.0);

  private static final int MOST_SHOWN = 3;

  private final OpcUaSettings settings;
  private final Map<Integer, String> missing = new LinkedHashMap<>();
  private final TreeSet<String> revisions = new TreeSet<>();

  MonitoredSignals(OpcUaSettings settings) {
    this.settings = settings;
  }

  /** Makes all items; those that fail are in {@link #trouble}. */
  void createAll(ServerConnection connection, ItemSubscription subscription)
      throws ConnectionProblem, InterruptedException {
    for (int i = 0; i < settings.signals().size(); i++) {
      missing.put(i, "not tried yet");
    }
    createMissing(connection, subscription, connection.namespaces());
  }

  /** Tries those again that failed; the server may have them by now. */
  void createMissing(
      ServerConnection connection, ItemSubscription subscription, NamespaceTable namespaces)
      throws ConnectionProblem, InterruptedException {
    Map<Integer, NodeId> nodes = new LinkedHashMap<>();
    for (Integer index : List.copyOf(missing.keySet())) {
      SignalSetting signal = settings.signals().get(index);
      ExpandedNodeId written = ExpandedNodeId.parse(signal.node());
      Optional<NodeId> node = written.toNodeId(namespaces);
      if (node.isPresent()) {
        nodes.put(index, node.get());
      } else {
        missing.put(
            index,
            "the server has no namespace "
                + written.getNamespaceUri()
                + "; it has "
                + String.join(", ", Arrays.asList(namespaces.toArray())));
      }
    }
    List<Integer> indexes = List.copyOf(nodes.keySet());
    for (int from = 0; from < indexes.size(); from += settings.itemsBatch()) {
      create(
          connection,
          subscription,
          indexes.subList(from, Math.min(indexes.size(), from + settings.itemsBatch())),
          nodes);
    }
  }

  private void create(
      ServerConnection connection,
      ItemSubscription subscription,
      List<Integer> indexes,
      Map<Integer, NodeId> nodes)
      throws ConnectionProblem, InterruptedException {
    List<MonitoredItemCreateRequest> requests = new ArrayList<>();
    for (Integer index : indexes) {
      requests.add(
          new MonitoredItemCreateRequest(
              new ReadValueId(
                  nodes.get(index), AttributeId.Value.uid(), null, QualifiedName.NULL_VALUE),
              MonitoringMode.Reporting,
              new MonitoringParameters(
                  uint(index + 1),
                  settings.samplingMillis(),
                  ExtensionObject.encode(DefaultEncodingContext.INSTANCE, EVERY_VALUE),
                  uint(settings.queueOf(settings.signals().get(index))),
                  true)));
    }
    MonitoredItemCreateResult[] results =
        connection
            .await(
                connection
                    .client()
                    .createMonitoredItemsAsync(
                        subscription.id(), TimestampsToReturn.Both, requests))
            .getResults();
    for (int i = 0; i < indexes.size(); i++) {
      if (results == null || i >= results.length) {
        missing.put(indexes.get(i), "the server gave no result");
      } else if (results[i].getStatusCode().isGood()) {
        missing.remove(indexes.get(i));
        revised(settings.signals().get(indexes.get(i)), results[i]);
      } else {
        missing.put(
            indexes.get(i),
            Problems.nameOf(results[i].getStatusCode().value())
                + " for "
                + settings.signals().get(indexes.get(i)).node());
      }
    }
  }

  private void revised(SignalSetting signal, MonitoredItemCreateResult result) {
    if (result.getRevisedSamplingInterval() != settings.samplingMillis()) {
      revisions.add(
          "sampling every "
              + result.getRevisedSamplingInterval()
              + " ms instead of "
              + settings.samplingMillis());
    }
    if (result.getRevisedQueueSize().longValue() != settings.queueOf(signal)) {
      revisions.add(
          "queue of "
              + result.getRevisedQueueSize()
              + " values instead of "
              + settings.queueOf(signal));
    }
  }

  boolean isComplete() {
    return missing.isEmpty();
  }

  /**
   * What is delivered, in one sentence.
   *
   * @param revision what the server decided about the subscription; empty if nothing
   */
  String delivering(String revision) {
    List<String> decided = new ArrayList<>(revisions);
    if (!revision.isEmpty()) {
      decided.add(revision);
    }
    return settings.signals().size()
        + " signals from "
        + settings.endpoint()
        + (settings.isSecure()
            ? " (" + settings.policy() + ", " + settings.mode() + ")"
            : " (no security)")
        + (decided.isEmpty() ? "" : "; the server decided: " + String.join(", ", decided));
  }

  /** The signals that are not delivered and why, in one sentence; empty if none. */
  String trouble() {
    if (missing.isEmpty()) {
      return "";
    }
    StringBuilder words = new StringBuilder(missing.size() + " signals are not delivered: ");
    missing.entrySet().stream()
        .limit(MOST_SHOWN)
        .forEach(
            m ->
                words
                    .append(settings.signals().get(m.getKey()).name())
                    .append(" (")
                    .append(m.getValue())
                    .append("), "));
    words.setLength(words.length() - 2);
    return words.append(missing.size() > MOST_SHOWN ? " and more" : "").toString();
  }
}
