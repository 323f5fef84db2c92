// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.apache.activemq.artemis.utils.CompositeAddress;
import org.fedwerk.api.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the {@link Door} on the broker's behalf. With the broker's caches off every right is asked
 * anew, so a revoked certificate loses them at once.
 */
final class DoorKeeper implements ActiveMQSecurityManager5 {
  private static final Logger LOG = LoggerFactory.getLogger(DoorKeeper.class);
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String broker;
  private final Door door;
  private final Counts counts;
  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

  DoorKeeper(String broker, Door door, Counts counts) {
    this.broker = broker;
    this.door = door;
    this.counts = counts;
  }

  @Override
  public @Nullable Subject authenticate(
      @Nullable String user,
      @Nullable String password,
      RemotingConnection connection,
      @Nullable String domain) {
    try {
      Guest guest = admit(user, password, connection);
      Subject subject = new Subject();
      subject.getPrincipals().add(new UserPrincipal(guest.name()));
      subject.getPrincipals().add(guest);
      return subject;
    } catch (RefusedException refused) {
      counts.refusedAtDoor.increment();
      warn("A connection from {} was refused: {}", connection, refused.getMessage());
      return null;
    }
  }

  private Guest admit(
      @Nullable String user, @Nullable String password, RemotingConnection connection)
      throws RefusedException {
    X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
    String clientId = connection.getClientID();
    return door.admit(
        new Door.Visitor(
            chain == null || chain.length == 0 ? null : chain[0],
            user,
            password,
            clientId == null ? "" : clientId));
  }

  /** True if a client that came in before would come in now; nothing is counted. */
  boolean isWelcome(RemotingConnection connection) {
    Subject subject = connection.getSubject();
    if (subject == null) {
      return true; // it is still about to connect
    }
    try {
      admit(null, null, connection);
      return true;
    } catch (RefusedException refused) {
      warn("The connection from {} is closed: {}", connection, refused.getMessage());
      return false;
    }
  }

  @Override
  public boolean authorize(
      @Nullable Subject subject, Set<Role> roles, CheckType check, String address) {
    if (subject == null) {
      return false;
    }
    for (Guest guest : subject.getPrincipals(Guest.class)) {
      if (isAllowed(guest, check, address)) {
        return true;
      }
      counts.refusedRights.increment();
      LOG.debug("Broker {}: {} may not {} {}", broker, guest.name(), check, address);
    }
    return false;
  }

  private static boolean isAllowed(Guest guest, CheckType check, String address) {
    TopicFilter topic;
    try {
      // For a queue it comes as address::queue; what counts is where its messages come from.
      topic = TopicFilter.ofAddress(CompositeAddress.extractAddressName(address));
    } catch (IllegalArgumentException strange) {
      return false;
    }
    return switch (check) {
      case SEND -> guest.mayWrite(topic);
      case CONSUME,
          CREATE_DURABLE_QUEUE,
          CREATE_NON_DURABLE_QUEUE,
          DELETE_DURABLE_QUEUE,
          DELETE_NON_DURABLE_QUEUE ->
          guest.mayRead(topic);
      case CREATE_ADDRESS -> guest.mayRead(topic) || guest.mayWrite(topic);
      default -> false;
    };
  }

  /** One line a minute is enough: a client that is refused comes back every second. */
  private void warn(String text, RemotingConnection connection, @Nullable String reason) {
    long now = System.nanoTime();
    long next = nextWarning.get();
    if (now - next >= 0 && nextWarning.compareAndSet(next, now + QUIET_NANOS)) {
      LOG.warn("Broker " + broker + ": " + text, connection.getRemoteAddress(), reason);
    } else {
      LOG.debug("Broker " + broker + ": " + text, connection.getRemoteAddress(), reason);
    }
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    return false;
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user, @Nullable String password, Set<Role> roles, CheckType check) {
    return false;
  }
}
