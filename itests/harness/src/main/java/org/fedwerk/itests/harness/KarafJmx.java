// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A session with a Karaf process over JMX, as a monitoring tool opens it. */
public final class KarafJmx implements AutoCloseable {
  private final JMXConnector connector;

  // the address is this machine's own, the process our child
  @SuppressWarnings("BanJNDI")
  KarafJmx(int registryPort, String user, String password) throws IOException {
    connector =
        JMXConnectorFactory.connect(
            new JMXServiceURL(
                "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + registryPort + "/karaf-root"),
            Map.of(JMXConnector.CREDENTIALS, new String[] {user, password}));
  }

  /**
   * One attribute of every bean of a domain that has it.
   *
   * @return values as texts by the bean's property {@code name}
   */
  public Map<String, String> attributes(String domain, String attribute) throws IOException {
    var beans = connector.getMBeanServerConnection();
    Map<String, String> values = new TreeMap<>();
    try {
      for (ObjectName bean : beans.queryNames(new ObjectName(domain + ":*"), null)) {
        for (var each : beans.getMBeanInfo(bean).getAttributes()) {
          if (each.getName().equals(attribute)) {
            values.put(
                bean.getKeyProperty("name"), String.valueOf(beans.getAttribute(bean, attribute)));
          }
        }
      }
    } catch (JMException refused) {
      throw new IOException("the beans of " + domain + " cannot be read", refused);
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
