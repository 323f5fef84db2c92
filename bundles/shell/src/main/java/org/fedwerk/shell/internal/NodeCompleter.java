// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.SignalBrowser;
import org.jspecify.annotations.Nullable;

/**
 * Completes node ids of the source that stands before: the Objects folder's children, and below
 * each whose id begins what is typed. It asks the server when the key is pressed.
 */
@Service
public final class NodeCompleter extends FollowingCompleter {
  private static final int DEEPEST = 8;

  @Reference(optional = true)
  private @Nullable List<SignalBrowser> browsers;

  @Override
  Collection<String> names(String source, String typed) throws RefusedException {
    Optional<SignalBrowser> browser =
        Injected.of(browsers).stream().filter(each -> each.name().equals(source)).findFirst();
    Collection<String> names = new TreeSet<>();
    if (browser.isPresent()) {
      add(browser.get(), "", typed, names, DEEPEST);
    }
    return names;
  }

  private static void add(
      SignalBrowser browser, String node, String typed, Collection<String> names, int levels)
      throws RefusedException {
    for (SignalBrowser.Entry child : browser.browse(node)) {
      boolean isNew = names.add(child.nodeId());
      if (isNew && levels > 0 && typed.startsWith(child.nodeId())) {
        addBelow(browser, child.nodeId(), typed, names, levels - 1);
      }
    }
  }

  private static void addBelow(
      SignalBrowser browser, String node, String typed, Collection<String> names, int levels) {
    try {
      add(browser, node, typed, names, levels);
    } catch (RefusedException gone) {
      return; // what is there above is completed all the same
    }
  }
}
